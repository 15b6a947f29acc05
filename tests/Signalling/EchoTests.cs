using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Hubs;
using Telemedicine.Signalling.MediaNode;
using Telemedicine.Signalling.Rooms;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

/// <summary>The echo of a device check: whose it is, what it takes, and that calls come first.</summary>
public sealed class EchoTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>How to call each method on a side's things. A method of the table that is missing here fails its case.</summary>
    private static readonly Dictionary<string, Func<Echo, object?[]>> Arguments = new()
    {
        ["Begin"] = _ => [],
        ["CreateTransport"] = _ => [new { direction = "send" }],
        ["ConnectTransport"] = echo => [echo.Send, MediaSide.Dtls],
        ["Produce"] = echo => [Track(echo, "audio", "microphone")],
        ["Resume"] = _ => [],
        ["Statistics"] = _ => [],
    };

    public static TheoryData<string, ParticipantRole> Cases
    {
        get
        {
            var cases = new TheoryData<string, ParticipantRole>();
            foreach (var method in HubMethods.Echo.Rows)
            {
                foreach (var role in Enum.GetValues<ParticipantRole>())
                    cases.Add(method.Name, role);
            }
            return cases;
        }
    }

    [Fact]
    public async Task What_a_page_sends_comes_back_to_it_and_nobody_is_told()
    {
        await using var host = await SignallingHost.StartAsync();
        var echo = await Echo.OpenAsync(host);

        var sound = await echo.Connection.InvokeAsync("Produce", Track(echo, "audio", "microphone"));
        var picture = await echo.Connection.InvokeAsync("Produce", Track(echo, "video", "camera"));
        await echo.Connection.InvokeAsync("Resume");
        var statistics = await echo.Connection.InvokeAsync("Statistics");

        Assert.Equal(60, echo.Begun.GetProperty("seconds").GetInt32());
        Assert.Equal("audio", sound.GetProperty("kind").GetString());
        Assert.Equal("audio/opus", sound.GetProperty("rtpParameters").GetProperty("codecs")[0].GetProperty("mimeType").GetString());
        Assert.Equal("video/VP8", picture.GetProperty("rtpParameters").GetProperty("codecs")[0].GetProperty("mimeType").GetString());
        Assert.NotEqual(sound.GetProperty("id").GetString(), sound.GetProperty("consumerId").GetString());
        Assert.Equal(["audio", "video"], statistics.GetProperty("received").EnumerateArray().Select(track => track.GetProperty("kind").GetString()).Order());
        Assert.Empty(echo.Connection.Messages);
        Assert.Empty(host.Web.Attempts);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Only_a_ticket_for_a_check_opens_an_echo(string name, ParticipantRole role)
    {
        await using var host = await SignallingHost.StartAsync();
        var echo = await Echo.OpenAsync(host);
        var world = new ClinicWorld(host);
        var caller = role == ParticipantRole.Check ? echo.Connection : await host.ConnectEchoAsync(world.Ticket(role));

        var refusal = await caller.RefusalAsync(name, Arguments[name](echo));

        // The own echo has begun and has its connections: another one each is too many.
        var expected = role != ParticipantRole.Check ? "not-allowed" : name switch
        {
            "Begin" => "conflict",
            "CreateTransport" => "too-many",
            _ => null,
        };
        Assert.Equal(expected, refusal);
    }

    [Fact]
    public void The_hub_has_every_method_of_its_table_and_no_other() => HubMethods.Echo.Verify(typeof(EchoHub));

    [Fact]
    public async Task Nothing_can_be_done_before_the_check_begins_and_nothing_with_somebody_elses()
    {
        await using var host = await SignallingHost.StartAsync();
        var other = await Echo.OpenAsync(host);
        var early = await host.ConnectEchoAsync(Echo.Ticket());

        foreach (var method in HubMethods.Echo.Rows.Where(row => row.Name != "Begin"))
            Assert.Equal("not-allowed", await early.RefusalAsync(method.Name, Arguments[method.Name](other)));

        var own = await Echo.OpenAsync(host);
        Assert.Equal("not-found", await own.Connection.RefusalAsync("ConnectTransport", other.Send, MediaSide.Dtls));
        Assert.Equal("not-found", await own.Connection.RefusalAsync("Produce", Track(other, "audio", "microphone")));
    }

    [Fact]
    public async Task An_echo_carries_one_sound_and_one_picture()
    {
        await using var host = await SignallingHost.StartAsync();
        var echo = await Echo.OpenAsync(host);
        await echo.Connection.InvokeAsync("Produce", Track(echo, "audio", "microphone"));

        Assert.Equal("too-many", await echo.Connection.RefusalAsync("Produce", Track(echo, "audio", "microphone")));
        Assert.Equal("invalid", await echo.Connection.RefusalAsync("Produce", Track(echo, "video", "screen")));
        Assert.Equal("invalid", await echo.Connection.RefusalAsync("Produce", Track(echo with { Send = echo.Receive }, "video", "camera")));
        Assert.Null(await echo.Connection.RefusalAsync("Produce", Track(echo, "video", "camera")));
    }

    [Fact]
    public async Task An_echo_ends_after_a_minute_and_makes_room_for_the_next()
    {
        await using var host = await SignallingHost.StartAsync(null, ("Media:MaximumChecks", "1"));
        var echo = await Echo.OpenAsync(host);
        var next = await host.ConnectEchoAsync(Echo.Ticket());
        Assert.Equal("full", await next.RefusalAsync("Begin"));

        host.Time.Advance(EchoRooms.Longest);

        await echo.Connection.Closed;
        await UntilAsync(async () => await next.RefusalAsync("Begin") is null, host);
    }

    [Fact]
    public async Task A_page_that_is_loaded_again_gets_its_room_anew()
    {
        await using var host = await SignallingHost.StartAsync(null, ("Media:MaximumChecks", "1"));
        var person = new ParticipantId(Guid.NewGuid());
        var former = await Echo.OpenAsync(host, person);

        var again = await Echo.OpenAsync(host, person);

        await former.Connection.Closed;
        Assert.Null(await again.Connection.RefusalAsync("Statistics"));
    }

    [Fact]
    public async Task A_busy_node_refuses_checks_first_and_a_check_takes_no_place_from_a_call()
    {
        await using var host = await SignallingHost.StartAsync(null, ("Media:MaximumConsultations", "1"), ("Media:MaximumParticipants", "2"));
        var media = host.Services.GetRequiredService<MediaHost>();
        await Echo.OpenAsync(host);

        Assert.Equal((0, 0), (media.Load.Rooms, media.Load.Participants));
        var (patient, joined) = await new ClinicWorld(host).JoinAsync(ParticipantRole.Patient);
        await MediaSide.OpenAsync(patient, joined);

        Assert.Equal("full", await (await host.ConnectEchoAsync(Echo.Ticket())).RefusalAsync("Begin"));
    }

    [Theory]
    [InlineData(799, 0, false, false)]
    [InlineData(800, 0, false, true)]
    [InlineData(0, 2399, false, false)]
    [InlineData(0, 2400, false, true)]
    [InlineData(0, 0, true, true)]
    public void A_node_is_too_busy_for_checks_long_before_it_is_for_calls(int rooms, int participants, bool draining, bool busy) =>
        Assert.Equal(busy, EchoRooms.IsBusy(new(rooms, 1000, participants, 3000, draining)));

    [Fact]
    public async Task A_node_that_is_about_to_stop_begins_no_check()
    {
        await using var host = await SignallingHost.StartAsync();
        host.Services.GetRequiredService<MediaHost>().Drain();

        Assert.Equal("full", await (await host.ConnectEchoAsync(Echo.Ticket())).RefusalAsync("Begin"));
    }

    [Fact]
    public async Task A_ticket_for_a_check_is_good_for_one_echo_and_for_no_consultation()
    {
        await using var host = await SignallingHost.StartAsync();
        var ticket = Echo.Ticket();
        await host.ConnectEchoAsync(ticket);
        await Assert.ThrowsAsync<System.Net.WebSockets.WebSocketException>(() => host.ConnectEchoAsync(ticket));

        var hub = await host.ConnectAsync(Echo.Ticket());

        foreach (var method in new[] { "Join", "WatchBoard", "Leave" })
            Assert.Equal("not-allowed", await hub.RefusalAsync(method, method == "Join" ? [new { }] : []));
    }

    private static object Track(Echo echo, string kind, string source) => new
    {
        transportId = echo.Send,
        kind,
        source,
        rtpParameters = kind == "audio" ? MediaSide.Opus() : MediaSide.Vp8(),
    };

    private static async Task UntilAsync(Func<Task<bool>> condition, SignallingHost host)
    {
        var patience = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(patience.Elapsed < Patience, "What the test waits for did not happen.");
            // The limit of calls is counted by the host's clock.
            host.Time.Advance(TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>One page's echo with its two connections. The far end of the packets is left out.</summary>
    private sealed record Echo(HubConnectionFixture Connection, JsonElement Begun, string Send, string Receive)
    {
        public static Ticket Ticket(ParticipantId? person = null) => new(
            Guid.NewGuid(), person ?? new ParticipantId(Guid.NewGuid()), "Check", ParticipantRole.Check, new(Guid.NewGuid()), new ConsultationId(Guid.NewGuid()), false);

        public static async Task<Echo> OpenAsync(SignallingHost host, ParticipantId? person = null)
        {
            var connection = await host.ConnectEchoAsync(Ticket(person));
            var begun = await connection.InvokeAsync("Begin");
            var send = await MediaSide.CreateTransportAsync(connection, "send");
            var receive = await MediaSide.CreateTransportAsync(connection, "receive", begun.GetProperty("routerRtpCapabilities"));
            return new(connection, begun, send, receive);
        }
    }
}
