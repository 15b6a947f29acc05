using System.Net;
using System.Text;
using System.Text.Json;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Practices;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Realtime;

public sealed class EventsTests : WebTest
{
    [Fact]
    public async Task An_event_counts_once_however_often_it_comes()
    {
        var appointment = await JoinedAsync();
        var waiting = Web.Event(ConsultationEventType.Waiting, appointment, Seed.Margaret);
        var admitted = Web.Event(ConsultationEventType.Admitted, appointment, Seed.Amara);

        Assert.Equal(HttpStatusCode.NoContent, await Web.SignalAsync(waiting, admitted));
        Assert.Equal(HttpStatusCode.NoContent, await Web.SignalAsync(waiting, admitted));
        Assert.Equal(HttpStatusCode.NoContent, await Web.SignalAsync(admitted));

        Assert.Equal(AppointmentStatus.CheckedIn, (await Web.FindAsync(Actor.For(Seed.Margaret), appointment)).Status);
        var audits = await Web.WithAsync<Clinical.Data.ClinicalDbContext, int>(db => Task.FromResult(db.ReceivedEvents.Count()));
        Assert.Equal(2, audits);
    }

    [Fact]
    public async Task The_board_is_told_that_something_changed()
    {
        var appointment = await JoinedAsync();
        await Web.Signalling.NextAsync(Cancelled);
        Web.Signalling.Received.Clear();

        await Web.SignalAsync(Web.Event(ConsultationEventType.Waiting, appointment, Seed.Margaret));

        await Web.Signalling.NextAsync(Cancelled);
        Assert.Contains(Web.Signalling.Received, r => r.Command.Type == ClinicCommandType.ClinicChanged);
    }

    [Theory]
    [InlineData("unsigned")]
    [InlineData("signed with an unknown key")]
    [InlineData("signed with a known id and another secret")]
    [InlineData("signed for another body")]
    [InlineData("signed six minutes ago")]
    [InlineData("signed in six minutes")]
    [InlineData("garbage")]
    public async Task A_forged_or_old_event_is_refused_and_changes_nothing(string how)
    {
        var appointment = await JoinedAsync();
        var body = Body(Web.Event(ConsultationEventType.Admitted, appointment, Seed.Amara));
        var now = Web.Time.GetUtcNow();
        var signature = how switch
        {
            "unsigned" => null,
            "signed with an unknown key" => MessageSignature.Sign(WebHost.NewKey("stranger"), body, now),
            "signed with a known id and another secret" => MessageSignature.Sign(WebHost.NewKey(Web.Key.Id), body, now),
            "signed for another body" => MessageSignature.Sign(Web.Key, Body(), now),
            "signed six minutes ago" => MessageSignature.Sign(Web.Key, body, now.AddMinutes(-6)),
            "signed in six minutes" => MessageSignature.Sign(Web.Key, body, now.AddMinutes(6)),
            _ => "t=x,k=y,v1=z",
        };

        var status = await Web.PostEventsAsync(body, signature);

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Equal(AppointmentStatus.Arrived, (await Web.FindAsync(Actor.For(Seed.Margaret), appointment)).Status);
        Assert.Contains(Web.Log.Entries, e => e.EventId == 1221 && e.IsWritten);
    }

    [Fact]
    public async Task While_keys_rotate_the_older_one_still_counts()
    {
        var body = Body();

        Assert.Equal(HttpStatusCode.NoContent, await Web.PostEventsAsync(body, MessageSignature.Sign(Web.OldKey, body, Web.Time.GetUtcNow())));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"events\":null}")]
    [InlineData("{\"events\":[null]}")]
    [InlineData("{\"events\":[{\"id\":\"x\"}]}")]
    [InlineData("{\"events\":[{\"id\":\"7d3a0b62-93b7-4f9a-93bf-2d4c6b7a8e10\",\"type\":\"danced\",\"clinic\":\"7d3a0b62-93b7-4f9a-93bf-2d4c6b7a8e10\",\"consultation\":\"7d3a0b62-93b7-4f9a-93bf-2d4c6b7a8e10\",\"at\":\"2026-03-02T08:30:00Z\"}]}")]
    [InlineData("{\"events\":[{\"type\":\"waiting\",\"at\":\"2026-03-02T08:30:00Z\"}]}")]
    public async Task What_is_no_batch_of_events_is_refused_even_when_signed(string json)
    {
        var body = Encoding.UTF8.GetBytes(json);

        var status = await Web.PostEventsAsync(body, MessageSignature.Sign(Web.Key, body, Web.Time.GetUtcNow()));

        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Fact]
    public async Task More_than_a_hundred_events_at_once_are_refused()
    {
        var body = Body([.. Enumerable.Range(0, 101).Select(_ => Web.Event(ConsultationEventType.Waiting, new AppointmentId(Guid.NewGuid()), Seed.Margaret))]);

        Assert.Equal(HttpStatusCode.BadRequest, await Web.PostEventsAsync(body, MessageSignature.Sign(Web.Key, body, Web.Time.GetUtcNow())));
    }

    [Fact]
    public async Task A_body_beyond_256_KB_is_refused_unread()
    {
        var body = new byte[256 * 1024 + 1];

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await Web.PostEventsAsync(body, null));
    }

    [Fact]
    public async Task An_event_of_an_unknown_consultation_is_taken_in_and_disturbs_nobody()
    {
        var appointment = await JoinedAsync();

        var status = await Web.SignalAsync(
            Web.Event(ConsultationEventType.Waiting, new AppointmentId(Guid.NewGuid()), Seed.Margaret),
            Web.Event(ConsultationEventType.Waiting, appointment, Seed.Margaret),
            Web.Event(ConsultationEventType.Admitted, appointment, Seed.Amara));

        Assert.Equal(HttpStatusCode.NoContent, status);
        Assert.Equal(AppointmentStatus.CheckedIn, (await Web.FindAsync(Actor.For(Seed.Margaret), appointment)).Status);
    }

    private static byte[] Body(params ConsultationEvent[] events) => JsonSerializer.SerializeToUtf8Bytes(new EventBatch(events), ContractsJson.Default.EventBatch);

    private async Task<AppointmentId> JoinedAsync()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var browser = await Web.SignInAsync(People.Margaret);
        await browser.SubmitAsync(await browser.ArriveAsync($"/consultations/{appointment}/join"), "Join");
        return appointment;
    }
}
