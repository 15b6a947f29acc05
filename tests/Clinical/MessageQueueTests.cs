using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Tests;

public sealed class MessageQueueTests
{
    private static readonly WrittenMessage Written = new("margaret@example.com", "Subject", "Body");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_two_instances_that_claim_every_message_at_once_one_gets_each()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var other = clinic.AnotherInstance();
        for (var booking = 0; booking < 8; booking++)
            await clinic.BookedAsync(TimeSpan.FromHours(2 + booking));
        var due = await DueAsync(clinic);

        var claims = await Task.WhenAll(due.Concat(due).Select((message, index) => Task.Run(() => index < due.Count ? ClaimAsync(clinic, message) : ClaimAsync(other, message))));

        Assert.Equal(16, due.Count);
        Assert.Equal(due.Select(message => message.Id).Order(Ids), claims.OfType<MessageClaim>().Select(claim => claim.Id).Order(Ids));
    }

    [Fact]
    public async Task A_claim_whose_holder_died_passes_on_when_its_lease_has_run_out_and_the_dead_has_no_say_any_more()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await clinic.BookedAsync(TimeSpan.FromHours(2));
        var message = (await DueAsync(clinic))[0];
        var first = await ClaimAsync(clinic, message);
        Assert.NotNull(first);

        clinic.Clock.Advance(MessageQueue.Lease - TimeSpan.FromSeconds(1));
        var tooEarly = await ClaimAsync(clinic, message);
        clinic.Clock.Advance(TimeSpan.FromSeconds(1));
        var second = await ClaimAsync(clinic, message);
        Assert.NotNull(second);
        var late = await clinic.AskAsync<MessageQueue, bool>(queue => queue.SentAsync(first, Written));
        var sent = await clinic.AskAsync<MessageQueue, bool>(queue => queue.SentAsync(second, Written));

        Assert.Null(tooEarly);
        Assert.Equal((false, true), (late, sent));
        var row = await MessageAsync(clinic, message.Id);
        Assert.Equal((MessageStatus.Sent, null, clinic.Now, "margaret@example.com", "Body"), (row.Status, row.DueAt, row.SentAt, row.Address, row.Body));
        Assert.Null(await ClaimAsync(clinic, message));
    }

    [Fact]
    public async Task What_cannot_be_sent_waits_longer_each_time_and_fails_in_the_end()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await clinic.BookedAsync(TimeSpan.FromDays(10));
        var message = (await DueAsync(clinic))[0];
        var pauses = new List<TimeSpan>();

        for (var attempt = 1; attempt <= MessageQueue.MaxAttempts; attempt++)
        {
            var claim = await ClaimAsync(clinic, message);
            Assert.NotNull(claim);
            await clinic.AskAsync<MessageQueue, bool>(queue => queue.TryLaterAsync(claim, attempt, "The mail server is away", Written));
            if ((await MessageAsync(clinic, message.Id)).DueAt is not { } next)
                break;
            pauses.Add(next - clinic.Now);
            clinic.Clock.SetUtcNow(next);
        }

        var row = await MessageAsync(clinic, message.Id);
        Assert.Equal((MessageStatus.Failed, null, MessageQueue.MaxAttempts, "The mail server is away"), (row.Status, row.DueAt, row.Attempts, row.Problem));
        Assert.Equal(MessageQueue.MaxAttempts - 1, pauses.Count);
        Assert.All(pauses.Zip(pauses.Skip(1)).Take(6), pair => Assert.True(pair.First < pair.Second, $"{pair.First} then {pair.Second}"));
        Assert.All(pauses, pause => Assert.InRange(pause, TimeSpan.FromSeconds(22), TimeSpan.FromHours(2.5)));
    }

    [Theory]
    [InlineData(1, 0, 22.5)]
    [InlineData(1, 1, 37.5)]
    [InlineData(3, 0.5, 120)]
    [InlineData(50, 0.5, 7200)]
    public void Pauses_double_within_bounds(int attempts, double chance, double seconds) =>
        Assert.Equal(seconds, MessageQueue.PauseAfter(attempts, chance).TotalSeconds);

    [Fact]
    public async Task Staff_send_a_failed_message_again_or_give_it_up_and_it_is_known_who_did()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        await clinic.BookedAsync(TimeSpan.FromHours(2));
        var message = (await DueAsync(clinic))[0];
        await FailAsync(clinic, message);
        Task<bool> GiveUpAsync(TestClinic asking) => clinic.AskAsync<MessageQueue, bool>(queue => queue.GiveUpAsync(asking.Staff, message.Id, Cancel));
        Task<bool> AgainAsync(TestClinic asking) => clinic.AskAsync<MessageQueue, bool>(queue => queue.SendAgainAsync(asking.Staff, message.Id, Cancel));

        Assert.False(await GiveUpAsync(neighbour));
        Assert.False(await AgainAsync(neighbour));
        Assert.True(await GiveUpAsync(clinic));
        Assert.False(await GiveUpAsync(clinic));
        Assert.Equal(MessageStatus.GivenUp, (await MessageAsync(clinic, message.Id)).Status);
        Assert.True(await AgainAsync(clinic));
        Assert.False(await AgainAsync(clinic));
        var row = await MessageAsync(clinic, message.Id);
        Assert.Equal((MessageStatus.Waiting, clinic.Now, 0), (row.Status, row.DueAt, row.Attempts));
        var events = await clinic.ReadAsync(db => db.AuditEvents.Where(audit => audit.EntityId == message.Id.Value).OrderBy(audit => audit.Id).Select(audit => new { audit.Action, audit.ActorId }).ToListAsync(Cancel));
        Assert.Equal(["message.give-up", "message.send-again"], events.Select(audit => audit.Action));
        Assert.All(events, audit => Assert.Equal(clinic.Staff.PersonId, audit.ActorId));
    }

    [Fact]
    public async Task Only_practice_staff_see_and_decide_about_failed_messages()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        var (_, patient) = await clinic.BookedAsync(TimeSpan.FromHours(2));
        var message = (await DueAsync(clinic))[0];
        await FailAsync(clinic, message);

        foreach (var actor in new[] { Actor.For(patient), clinic.Clinician })
        {
            await Assert.ThrowsAsync<NotAllowedException>(() => clinic.AskAsync<MessageQueries, IReadOnlyList<MessageView>>(queries => queries.FailuresAsync(actor, Cancel)));
            await Assert.ThrowsAsync<NotAllowedException>(() => clinic.AskAsync<MessageQueue, bool>(queue => queue.SendAgainAsync(actor, message.Id, Cancel)));
            await Assert.ThrowsAsync<NotAllowedException>(() => clinic.AskAsync<MessageQueue, bool>(queue => queue.GiveUpAsync(actor, message.Id, Cancel)));
        }
        var seen = await clinic.AskAsync<MessageQueries, IReadOnlyList<MessageView>>(queries => queries.FailuresAsync(clinic.Staff, Cancel));
        Assert.Equal((message.Id, "Margaret Hughes", "Refused"), (Assert.Single(seen).Id, seen[0].PatientName, seen[0].Problem));
        Assert.Empty(await clinic.AskAsync<MessageQueries, IReadOnlyList<MessageView>>(queries => queries.FailuresAsync(neighbour.Staff, Cancel)));
    }

    [Fact]
    public async Task Sent_messages_are_seen_by_the_patient_they_are_about_and_by_the_practice()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        var (_, patient) = await clinic.BookedAsync(TimeSpan.FromHours(2));
        var other = await clinic.AddPatientAsync("Mohammed", "Iqbal");
        var claim = await ClaimAsync(clinic, (await DueAsync(clinic))[0]);
        Assert.NotNull(claim);
        await clinic.AskAsync<MessageQueue, bool>(queue => queue.SentAsync(claim, Written));
        Task<IReadOnlyList<MessageView>> SeenByAsync(Actor actor) => clinic.AskAsync<MessageQueries, IReadOnlyList<MessageView>>(queries => queries.SentAsync(actor, Cancel));

        Assert.Single(await SeenByAsync(Actor.For(patient)));
        Assert.Single(await SeenByAsync(clinic.Staff));
        Assert.Empty(await SeenByAsync(Actor.For(other)));
        Assert.Empty(await SeenByAsync(neighbour.Staff));
    }

    [Fact]
    public async Task A_change_that_a_later_one_overtook_is_not_told_any_more()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync(TimeSpan.FromHours(2));
        var due = await DueAsync(clinic);
        clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        await clinic.CancelAsync(appointment.Id, Actor.For(patient));

        var booked = await ToWriteAsync(clinic, due[0]);
        var cancelled = await ToWriteAsync(clinic, (await DueAsync(clinic))[^1]);

        Assert.Equal((MessageKind.Booked, true), (booked.Kind, booked.Obsolete is not null));
        Assert.Equal((MessageKind.Cancelled, null), (cancelled.Kind, cancelled.Obsolete));
    }

    [Theory]
    [InlineData("07700 900100", "+447700900100")]
    [InlineData("+44 7700 900100", "+447700900100")]
    [InlineData("(07911) 123456", "+447911123456")]
    [InlineData("+49 1512 3456789", "+4915123456789")]
    [InlineData("01632 960100", null)]
    [InlineData("020 7946 0018", null)]
    [InlineData("0800 123 4567", null)]
    [InlineData("12", null)]
    [InlineData("ask my son", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_text_goes_to_mobile_numbers_only(string? written, string? expected) => Assert.Equal(expected, MobileNumber.Of(written, "GB"));

    private static readonly Comparer<MessageId> Ids = Comparer<MessageId>.Create((a, b) => a.Value.CompareTo(b.Value));

    private static async Task FailAsync(TestClinic clinic, DueMessage message)
    {
        var claim = await ClaimAsync(clinic, message);
        Assert.NotNull(claim);
        await clinic.AskAsync<MessageQueue, bool>(queue => queue.FailedAsync(claim, "Refused", Written));
    }

    private static async Task<MessageToWrite> ToWriteAsync(TestClinic clinic, DueMessage message)
    {
        var claim = await ClaimAsync(clinic, message);
        Assert.NotNull(claim);
        return await clinic.AskAsync<MessageQueries, MessageToWrite>(queries => queries.ToWriteAsync(claim, Cancel));
    }

    private static Task<IReadOnlyList<DueMessage>> DueAsync(TestClinic clinic) => clinic.AskAsync<MessageQueue, IReadOnlyList<DueMessage>>(queue => queue.DueAsync(100, Cancel));

    private static Task<MessageClaim?> ClaimAsync(TestClinic clinic, DueMessage message) => clinic.AskAsync<MessageQueue, MessageClaim?>(queue => queue.ClaimAsync(message, Cancel));

    private static async Task<MessageClaim?> ClaimAsync(IServiceProvider instance, DueMessage message)
    {
        await using var scope = instance.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<MessageQueue>().ClaimAsync(message, Cancel);
    }

    private static Task<Message> MessageAsync(TestClinic clinic, MessageId id) => clinic.ReadAsync(db => db.Messages.AsNoTracking().SingleAsync(row => row.Id == id, Cancel));
}
