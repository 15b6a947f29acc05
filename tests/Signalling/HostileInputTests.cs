using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

/// <summary>A page that sends anything at all gets an error, or loses its own connection; the others go on.</summary>
public sealed class HostileInputTests : HostedTest
{
    public static TheoryData<string, string> BadCalls => new()
    {
        { "Join", "[]" },
        { "Join", "[null]" },
        { "Join", "[1]" },
        { "Join", "[\"x\"]" },
        { "Join", "[{\"resume\":{}}]" },
        { "Join", "[{\"resume\":{\"sessionId\":\"x\",\"lastSequence\":0}}]" },
        { "Join", "[{\"resume\":{\"sessionId\":\"8d4f62c1-5ac4-4ef8-8b5c-64c1a0fd7d11\",\"lastSequence\":\"0\"}}]" },
        { "Join", "[{\"resume\":{\"sessionId\":\"8d4f62c1-5ac4-4ef8-8b5c-64c1a0fd7d11\",\"lastSequence\":1e99}}]" },
        { "Join", "[{},{}]" },
        { "SendChat", "[]" },
        { "SendChat", "[null]" },
        { "SendChat", "[{}]" },
        { "SendChat", "[{\"clientId\":null,\"text\":\"x\"}]" },
        { "SendChat", "[{\"clientId\":\"8d4f62c1-5ac4-4ef8-8b5c-64c1a0fd7d11\",\"text\":null}]" },
        { "SendChat", "[{\"clientId\":\"8d4f62c1-5ac4-4ef8-8b5c-64c1a0fd7d11\",\"text\":{}}]" },
        { "SendChat", "[{\"clientId\":\"8d4f62c1-5ac4-4ef8-8b5c-64c1a0fd7d11\",\"text\":\"a\",\"text\":\"b\"}]" },
        { "SendChat", "[{\"clientId\":\"8d4f62c1-5ac4-4ef8-8b5c-64c1a0fd7d11\",\"text\":\"\\ud800\"}]" },
        { "SendChat", "[{\"clientId\":\"8d4f62c1-5ac4-4ef8-8b5c-64c1a0fd7d11\",\"text\":\"\\u0000\"}]" },
        { "Acknowledge", "[null]" },
        { "Acknowledge", "[\"1\"]" },
        { "Acknowledge", "[1.5]" },
        { "Acknowledge", "[1e400]" },
        { "Acknowledge", "[99999999999999999999]" },
        { "Admit", "[\"all\"]" },
        { "Admit", "[null]" },
        { "CreateTransport", "[{}]" },
        { "CreateTransport", "[{\"direction\":\"sideways\"}]" },
        { "CreateTransport", "[{\"direction\":0}]" },
        { "CreateTransport", "[{\"direction\":\"receive\"}]" },
        { "CreateTransport", "[{\"direction\":\"receive\",\"rtpCapabilities\":null}]" },
        { "ConnectTransport", "[\"8d4f62c1-5ac4-4ef8-8b5c-64c1a0fd7d11\",null]" },
        { "ConnectTransport", "[\"8d4f62c1-5ac4-4ef8-8b5c-64c1a0fd7d11\",{\"role\":\"auto\",\"fingerprints\":[]}]" },
        { "RestartIce", "[\"../../etc/passwd\"]" },
        { "Produce", "[{}]" },
        { "Produce", "[{\"transportId\":\"8d4f62c1-5ac4-4ef8-8b5c-64c1a0fd7d11\",\"kind\":\"smell\",\"source\":\"camera\",\"rtpParameters\":{\"codecs\":[]}}]" },
        { "Produce", "[{\"transportId\":\"8d4f62c1-5ac4-4ef8-8b5c-64c1a0fd7d11\",\"kind\":\"audio\",\"source\":\"camera\",\"rtpParameters\":{\"codecs\":[]}}]" },
        { "PauseProducer", "[\"\"]" },
        { "CloseProducer", "[{}]" },
        { "ResumeConsumer", "[[]]" },
        { "Leave", "[1]" },
        { "NoSuchMethod", "[]" },
        { "OnConnectedAsync", "[]" },
        { "Dispose", "[]" },
        { "ToString", "[]" },
        { "", "[]" },
        { "Join\u0000", "[]" },
        { "Receive", "[{}]" },
    };

    [Fact]
    public async Task Every_bad_call_is_answered_with_an_error_and_disturbs_nobody()
    {
        var (patient, clinician) = await World.InCallAsync();
        var hostile = await World.ConnectAsync(ParticipantRole.Clinician);
        await hostile.InvokeAsync("Join", new { });
        await clinician.RefusalAsync("Acknowledge", 0);

        foreach (var (method, arguments) in BadCalls.Select(row => row.Data))
        {
            Host.Time.Advance(TimeSpan.FromSeconds(1));
            var error = await Assert.ThrowsAsync<HubCallException>(() => hostile.InvokeRawAsync(method, arguments));
            Assert.DoesNotContain("Exception:", error.Message.Replace("HubException:", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.DoesNotContain("8d4f62c1", error.Message, StringComparison.Ordinal);
            Assert.False(hostile.IsClosed, $"{method}{arguments} closed the connection.");
        }

        await ClinicWorld.SayAsync(clinician, "We go on.");
        await patient.NextAsync("chat");
        Assert.Null(await hostile.RefusalAsync("Leave"));
        Assert.DoesNotContain(Host.Logs.Lines, line => line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Critical", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"type":1,"invocationId":"9","target":"Acknowledge","arguments":[NaN]}""")]
    [InlineData("""{"type":1,"invocationId":"9","target":"SendChat","arguments":[{"text":"a]}""")]
    [InlineData("""{"type":1,"invocationId":"9"}""")]
    [InlineData("""{"type":"1"}""")]
    [InlineData("garbage")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    public async Task What_is_no_message_closes_that_connection_only(string record)
    {
        var (patient, clinician) = await World.InCallAsync();
        var hostile = await World.ConnectAsync(ParticipantRole.Patient);
        await hostile.InvokeAsync("Join", new { });

        await hostile.SendRawAsync(record);
        await hostile.Closed;

        await ClinicWorld.SayAsync(clinician, "We go on.");
        await patient.NextAsync("chat");
        Assert.False(patient.IsClosed);
    }

    [Fact]
    public async Task A_message_over_64_KB_closes_that_connection_only()
    {
        var (patient, clinician) = await World.InCallAsync();
        var hostile = await World.ConnectAsync(ParticipantRole.Patient);
        await hostile.InvokeAsync("Join", new { });

        var sending = hostile.RefusalAsync("SendChat", new { clientId = Guid.NewGuid(), text = new string('x', 70_000) });
        await hostile.Closed;

        Assert.Contains("closed", await sending, StringComparison.Ordinal);
        await ClinicWorld.SayAsync(clinician, "We go on.");
        await patient.NextAsync("chat");
    }

    [Fact]
    public async Task A_message_of_almost_64_KB_is_answered()
    {
        var (patient, _) = await World.InCallAsync();

        Assert.Equal("invalid", await patient.RefusalAsync("SendChat", new { clientId = Guid.NewGuid(), text = new string('x', 65_000) }));
    }

    [Fact]
    public async Task Deeply_nested_arguments_are_refused()
    {
        var (patient, _) = await World.JoinAsync(ParticipantRole.Patient);
        var nested = new string('[', 60) + new string(']', 60);

        await Assert.ThrowsAsync<HubCallException>(() => patient.InvokeRawAsync("Join", $$"""[{"unknown":{{nested}}}]"""));
    }

    [Fact]
    public async Task A_clinics_hub_with_an_id_that_is_none_is_refused()
    {
        using var client = Host.CreateClient();

        using var response = await client.GetAsync("clinics/../hub", TestContext.Current.CancellationToken);
        using var odd = await client.GetAsync("clinics/all/hub", TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, odd.StatusCode);
    }
}
