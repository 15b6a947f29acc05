using System.Net;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

/// <summary>A patient asks somebody to help, and what that person then can and cannot open.</summary>
public sealed class CarerTests : WebTest
{
    private const CarerRights Everything = CarerRights.SeeAppointments | CarerRights.ChangeAppointments | CarerRights.JoinConsultations;

    /// <summary>Every page of a patient, with the rights of which any one opens it.</summary>
    private static readonly (string Address, CarerRights AnyOf)[] Addresses =
    [
        ("/appointments", Everything),
        ("/appointments/{appointment}", Everything),
        ("/appointments/{appointment}/appointment.ics", CarerRights.SeeAppointments),
        ("/appointments/book", CarerRights.ChangeAppointments),
        ("/appointments/book/{service}", CarerRights.ChangeAppointments),
        ("/appointments/book/{service}/2026-03-02", CarerRights.ChangeAppointments),
        ("/appointments/book/{service}/2026-03-02/{slot}", CarerRights.ChangeAppointments),
        ("/appointments/book/{service}/2026-03-02/{slot}/series", CarerRights.ChangeAppointments),
        ("/appointments/{appointment}/booked", CarerRights.ChangeAppointments),
        ("/appointments/{appointment}/cancel", CarerRights.ChangeAppointments),
        ("/appointments/{appointment}/move", CarerRights.ChangeAppointments),
        ("/appointments/{appointment}/move/2026-03-02", CarerRights.ChangeAppointments),
        ("/appointments/{appointment}/move/to/{slot}", CarerRights.ChangeAppointments),
        ("/appointments/{appointment}/way", CarerRights.ChangeAppointments),
        ("/waiting-list", CarerRights.ChangeAppointments),
        ("/waiting-list/join/{service}", CarerRights.ChangeAppointments),
        ("/consultations/{appointment}/join", CarerRights.JoinConsultations),
        ("/appointments/{appointment}/device-check", CarerRights.JoinConsultations),
        ("/appointments/needs", CarerRights.None),
        ("/appointments/reminders", CarerRights.None),
        ("/carers", CarerRights.None),
        ("/carers/invite", CarerRights.None),
        ("/registration", CarerRights.None),
        ("/demonstration/messages", CarerRights.None),
        ("/clinics", CarerRights.None),
        ("/practice/patients/{patient}", CarerRights.None),
        ("/practice/patients/{patient}/appointments/book", CarerRights.None),
        ("/practice/diary", CarerRights.None),
        ("/account/sign-out", CarerRights.None),
    ];

    public static TheoryData<int> Combinations => [.. Enumerable.Range(1, (int)Everything)];

    [Fact]
    public async Task A_patient_asks_someone_who_accepts_with_an_account_of_their_own_acts_and_is_ended()
    {
        using var margaret = await Web.SignInAsync(People.Margaret);
        var mine = await margaret.GetAsync("/appointments");
        var list = await margaret.GetAsync(mine.Link("People who may act for you"));
        var sent = await margaret.SubmitAsync(await margaret.GetAsync(list.Link("Ask someone to help")), "Send the invitation",
            ("Name", "Grace Hughes"), ("Relationship", "Child"), ("Email", "grace.hughes@example.com"), ("Rights", "ChangeAppointments"));
        // The link of the email, in a browser where nobody is signed in yet.
        using var grace = Web.Browser(People.Grace);
        var invitation = await grace.GetAsync(await Web.InvitationAsync());
        var still = await Web.WithAsync<CarerService, IReadOnlyList<CarerView>>(carers => carers.OfPatientAsync(Actor.For(Seed.Margaret), Seed.Margaret.Id, Cancelled));
        var accepted = await grace.SubmitAsync(invitation, "Yes, I will help");

        var acting = await grace.GetAsync(accepted.Link("Act for Margaret Hughes"));
        var days = await grace.GetAsync((await grace.GetAsync(acting.Link("Book an appointment"))).Link("GP consultation"));
        var times = await grace.GetAsync(days.Link("Monday 2 March 2026"));
        var confirm = await grace.SubmitAsync(times, "Continue", ("Slot", Seed.At(10).Id.ToString()));
        var booked = await grace.SubmitAsync(confirm, "Confirm the appointment");
        var seen = await margaret.GetAsync("/carers");
        var ended = await margaret.SubmitAsync(seen, "End this for Grace Hughes");
        var refused = await grace.GetAsync(acting.Address.PathAndQuery);

        Assert.Contains("We have sent Grace Hughes an invitation", sent.Main, StringComparison.Ordinal);
        Assert.Equal("Margaret Hughes asks you to help", invitation.Heading);
        Assert.Equal(CarerState.Invited, Assert.Single(still).State);
        Assert.Contains("You act for Margaret Hughes from now on", accepted.Main, StringComparison.Ordinal);
        Assert.All([acting, days, times, confirm, booked], page =>
        {
            Assert.StartsWith("/acting-for/", page.Path, StringComparison.Ordinal);
            Assert.Contains("You act for Margaret Hughes", page.Document.Body?.TextContent ?? "", StringComparison.Ordinal);
            Assert.DoesNotContain(page.Document.QuerySelectorAll("main a"), link => link.GetAttribute("href") is { } to && to.StartsWith("/appointments", StringComparison.Ordinal));
        });
        Assert.Equal("Appointment booked", booked.Heading);
        Assert.Equal(Seed.Margaret.Id, (await Web.WithAsync<ClinicalDbContext, Appointment>(db =>
        {
            db.ActFor(Actor.For(Seed.Margaret));
            return Task.FromResult(db.Appointments.Single(row => row.SlotId == Seed.At(10).Id));
        })).PatientId);
        Assert.Contains("Grace Hughes booked an appointment, now on Monday 2 March 2026 at 10am", seen.Main, StringComparison.Ordinal);
        Assert.Contains("Grace Hughes looked at your appointments", seen.Main, StringComparison.Ordinal);
        Assert.Contains("They may not act for you any more", ended.Main, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Forbidden, "You may not do this for them"), (refused.Status, refused.Heading));
        Assert.Contains("it was ended", (await grace.GetAsync(refused.Link("See the people you act for"))).Main, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public async Task Each_page_opens_with_a_right_that_it_needs_and_no_other(int granted)
    {
        var rights = (CarerRights)granted;
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        var carer = await Web.AddCarerAsync(People.Grace, rights);
        using var grace = await Web.SignInAsync(People.Grace);
        using var stranger = await Web.SignInAsync(People.Mohammed);
        using var anonymous = Web.Browser();
        var wrong = new List<string>();

        foreach (var (pattern, anyOf) in Addresses)
        {
            var address = $"/acting-for/{carer}" + pattern
                .Replace("{appointment}", appointment.ToString(), StringComparison.Ordinal)
                .Replace("{service}", Seed.Gp.Id.ToString(), StringComparison.Ordinal)
                .Replace("{slot}", Seed.At(11).Id.ToString(), StringComparison.Ordinal)
                .Replace("{patient}", Seed.Margaret.Id.ToString(), StringComparison.Ordinal);
            var status = (await grace.GetAsync(address)).Status;
            if ((status == HttpStatusCode.OK) != ((rights & anyOf) != CarerRights.None))
                wrong.Add($"{address}: {status}");
            if ((await stranger.GetAsync(address)).Status is not (HttpStatusCode.Forbidden or HttpStatusCode.NotFound))
                wrong.Add($"a stranger at {address}");
            if ((await anonymous.GetAsync(address, follow: false)).Status == HttpStatusCode.OK && pattern is not "/account/sign-out")
                wrong.Add($"nobody at {address}");
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public async Task Each_form_works_with_its_right_and_with_no_other(int granted)
    {
        var rights = (CarerRights)granted;
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        var carer = await Web.AddCarerAsync(People.Grace, rights);
        using var grace = await Web.SignInAsync(People.Grace);
        var token = (await grace.GetAsync("/account/sign-out")).RequestToken ?? "";
        KeyValuePair<string, string>[] form = [new("__RequestVerificationToken", token), new("Reason", "Because"), new("Slot", Seed.At(11).Id.ToString()), new("Channel", "Video"), new("KnowsShortNotice", "true"), new("Confidence", "Confident"), new("Way", "None")];
        Task<Page> SendAsync(string path) => grace.PostAsync($"/acting-for/{carer}{path}", form, follow: false);

        var ticket = await grace.PostFromScriptAsync($"/acting-for/{carer}/consultations/{appointment}/ticket", token);
        var held = await SendAsync($"/appointments/book/{Seed.Gp.Id}/2026-03-02");
        var needs = await SendAsync("/appointments/needs");
        var reminders = await SendAsync("/appointments/reminders");
        var invite = await SendAsync("/carers/invite");
        var withdraw = await SendAsync($"/carers?handler=Withdraw&carer={carer}");
        var waits = await SendAsync($"/waiting-list/join/{Seed.Gp.Id}");
        var cancel = await SendAsync($"/appointments/{appointment}/cancel");

        var (change, join) = (rights.HasFlag(CarerRights.ChangeAppointments), rights.HasFlag(CarerRights.JoinConsultations));
        Assert.Equal(join ? HttpStatusCode.OK : HttpStatusCode.Forbidden, ticket.Status);
        Assert.All([held, waits, cancel], page => Assert.Equal(change ? HttpStatusCode.Redirect : HttpStatusCode.Forbidden, page.Status));
        Assert.All([needs, invite, withdraw], page => Assert.Equal(HttpStatusCode.Forbidden, page.Status));
        Assert.Equal(HttpStatusCode.NotFound, reminders.Status);
        Assert.Equal(change ? AppointmentStatus.Cancelled : join ? AppointmentStatus.Arrived : AppointmentStatus.Booked, (await Web.FindAsync(Actor.For(Seed.Margaret), appointment)).Status);
        Assert.Equal(CarerState.Active, Assert.Single(await Web.WithAsync<CarerService, IReadOnlyList<ActsForView>>(carers => carers.OfSubjectAsync(People.Grace.Subject, Cancelled))).State);
    }

    [Fact]
    public async Task Joining_the_call_carries_the_carers_own_name_and_role_and_ending_it_sends_them_away_at_once()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        var carer = await Web.AddCarerAsync(People.Grace, CarerRights.JoinConsultations);
        using var grace = await Web.SignInAsync(People.Grace);
        using var margaret = await Web.SignInAsync(People.Margaret);

        var call = await grace.SubmitAsync(await grace.ArriveAsync($"/acting-for/{carer}/consultations/{appointment}/join"), "Join");
        var element = call.Document.QuerySelector("[data-module=call]");
        var ticket = await grace.PostFromScriptAsync(element?.GetAttribute("data-ticket-url") ?? "", call.RequestToken);
        var claims = new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(ticket.Json.GetProperty("ticket").GetString());
        await margaret.SubmitAsync(await margaret.GetAsync("/carers"), "End this for Grace Hughes");
        var after = await grace.PostFromScriptAsync(element?.GetAttribute("data-ticket-url") ?? "", call.RequestToken);

        Assert.Equal($"/acting-for/{carer}/consultations/{appointment}", call.Path);
        Assert.Equal($"/acting-for/{carer}/consultations/{appointment}/outcome", element?.GetAttribute("data-outcome-url"));
        Assert.Equal((carer.ToString(), "carer", "Grace Hughes (carer)"), (claims.Subject, claims.GetClaim("role").Value, claims.GetClaim("name").Value));
        Assert.Equal(HttpStatusCode.Forbidden, after.Status);
        while (!Web.Signalling.Received.Any(sent => sent.Command.Type == ClinicCommandType.Remove))
            await Web.Signalling.NextAsync(Cancelled);
        var command = Web.Signalling.Received.Single(sent => sent.Command.Type == ClinicCommandType.Remove).Command;
        Assert.Equal((new ConsultationId(appointment.Value), new ParticipantId(carer.Value)), (command.Consultation, command.Participant));
    }

    [Fact]
    public async Task An_invitation_for_another_account_used_too_old_or_taken_back_is_told_politely()
    {
        using var margaret = await Web.SignInAsync(People.Margaret);
        async Task<string> InviteAsync(string email)
        {
            await margaret.SubmitAsync(await margaret.GetAsync("/carers/invite"), "Send the invitation", ("Name", "Grace"), ("Relationship", "Friend"), ("Email", email), ("Rights", "SeeAppointments"));
            return await Web.InvitationAsync();
        }
        var link = await InviteAsync("grace.hughes@example.com");
        using var mohammed = await Web.SignInAsync(People.Mohammed);
        using var unconfirmed = await Web.SignInAsync(People.Grace with { Subject = "sub-not-grace", EmailVerified = false });
        using var grace = await Web.SignInAsync(People.Grace);
        var (other, notConfirmed, own) = (await mohammed.GetAsync(link), await unconfirmed.GetAsync(link), await margaret.GetAsync(link));
        await grace.SubmitAsync(await grace.GetAsync(link), "Yes, I will help");
        var (used, again) = (await mohammed.GetAsync(link), await grace.GetAsync(link));
        await margaret.SubmitAsync(await margaret.GetAsync("/carers"), "End this for Grace");
        var back = await grace.GetAsync(link);
        var second = await InviteAsync("mohammed.iqbal@example.com");
        Web.Time.Advance(RelatedPerson.ToAnswer);
        using var later = await Web.SignInAsync(People.Mohammed);
        var old = await later.GetAsync(second);

        Assert.All([other, notConfirmed, own], page => Assert.Equal((HttpStatusCode.OK, "This invitation is for another account"), (page.Status, page.Heading)));
        Assert.All([other, notConfirmed, own], page => Assert.DoesNotContain("grace.hughes", page.Text, StringComparison.Ordinal));
        Assert.Equal("This invitation was answered", used.Heading);
        Assert.Equal("You have said yes", again.Heading);
        Assert.Equal("This invitation was taken back", back.Heading);
        Assert.Equal("This invitation is too old", old.Heading);
        Assert.Equal(HttpStatusCode.NotFound, (await later.GetAsync("/acting-for/invitations/nothing")).Status);
        Assert.All([other, used, again, back, old], page => Assert.Empty(page.Document.QuerySelectorAll("main form")));
    }

    [Fact]
    public async Task Opening_the_invitation_answers_nothing_and_saying_no_ends_it()
    {
        using var margaret = await Web.SignInAsync(People.Margaret);
        await margaret.SubmitAsync(await margaret.GetAsync("/carers/invite"), "Send the invitation", ("Name", "Grace"), ("Relationship", "Friend"), ("Email", "grace.hughes@example.com"), ("Rights", "SeeAppointments"));
        using var grace = await Web.SignInAsync(People.Grace);
        var open = await grace.GetAsync(await Web.InvitationAsync());
        await grace.GetAsync(await Web.InvitationAsync());
        Task<IReadOnlyList<CarerView>> CarersAsync() => Web.WithAsync<CarerService, IReadOnlyList<CarerView>>(carers => carers.OfPatientAsync(Actor.For(Seed.Margaret), Seed.Margaret.Id, Cancelled));
        var before = Assert.Single(await CarersAsync()).State;

        var no = await grace.SubmitAsync(open, "No");

        Assert.Contains("You said no", no.Main, StringComparison.Ordinal);
        Assert.Equal((CarerState.Invited, CarerState.Declined), (before, Assert.Single(await CarersAsync()).State));
    }

    [Fact]
    public async Task What_is_wrong_with_the_form_is_said_beside_the_field_and_nothing_is_lost()
    {
        using var margaret = await Web.SignInAsync(People.Margaret);
        var form = await margaret.GetAsync("/carers/invite");

        var empty = await margaret.SubmitAsync(form, "Send the invitation", ("LastDay.Day", ""), ("LastDay.Month", ""), ("LastDay.Year", ""));
        var wrong = await margaret.SubmitAsync(form, "Send the invitation", ("Name", "Grace"), ("Relationship", "Friend"), ("Email", "grace"), ("Rights", "JoinConsultations"), ("LastDay.Year", "2031"));
        var far = await margaret.SubmitAsync(wrong, "Send the invitation", ("Email", "grace.hughes@example.com"));
        var own = await margaret.SubmitAsync(form, "Send the invitation", ("Name", "Me"), ("Relationship", "Friend"), ("Email", "margaret.hughes@example.com"), ("Rights", "JoinConsultations"));

        Assert.Equal(HttpStatusCode.BadRequest, empty.Status);
        Assert.Equal(["#Name", "#Relationship", "#Email", "#Rights", "#LastDay"], empty.Errors.Select(error => error.Field));
        Assert.Equal("#Email", Assert.Single(wrong.Errors).Field);
        Assert.Equal("Grace", wrong.Document.QuerySelector("input#Name")?.GetAttribute("value"));
        Assert.NotNull(wrong.Document.QuerySelector("input[value=JoinConsultations][checked]"));
        Assert.Equal([("The last day must be from today to 2 March 2027", "#LastDay")], far.Errors);
        Assert.Equal("This is your own email address. Enter theirs", Assert.Single(own.Errors).Text);
    }

    [Fact]
    public async Task Staff_record_a_carer_for_a_patient_with_a_reason_and_end_it_with_one()
    {
        using var helen = await Web.SignInAsync(People.Helen);
        var patient = await helen.GetAsync($"/practice/patients/{Seed.Margaret.Id}");
        var list = await helen.GetAsync(patient.Link("People who may act for the patient"));
        var form = await helen.GetAsync(list.Link("Record a carer"));
        (string, string)[] details = [("Name", "Grace Hughes"), ("Relationship", "Parent"), ("Email", "grace.hughes@example.com"), ("Rights", "SeeAppointments")];

        var without = await helen.SubmitAsync(form, "Send the invitation", details);
        var recorded = await helen.SubmitAsync(without, "Send the invitation", [.. details, ("Reason", "The mother of a child of 6")]);
        var silent = await helen.SubmitAsync(recorded, "End this for Grace Hughes");
        var ended = await helen.SubmitAsync(silent, "End this for Grace Hughes", ("Reason", "The child is 16 now"));

        Assert.Equal([("Enter why you record it for the patient", "#Reason")], without.Errors);
        Assert.Contains("Margaret Hughes", form.Main, StringComparison.Ordinal);
        Assert.Equal("Enter why it ends", Assert.Single(silent.Errors).Text);
        Assert.Contains("may not act for the patient any more", ended.Main, StringComparison.Ordinal);
        var reasons = await Web.WithAsync<ClinicalDbContext, List<string?>>(db =>
        {
            db.ActFor(Actor.System(Seed.Riverside.Id));
            return Task.FromResult(db.AuditEvents.Where(row => row.Action.StartsWith("carer.")).OrderBy(row => row.Id).Select(row => row.Reason).ToList());
        });
        Assert.Equal(["The mother of a child of 6", "The child is 16 now"], reasons);
    }

    [Fact]
    public async Task Whoever_is_staff_or_clinician_too_is_only_a_carer_while_they_act()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        var (asStaff, asClinician) = (await Web.AddCarerAsync(People.Helen, CarerRights.SeeAppointments), await Web.AddCarerAsync(People.Amara, CarerRights.SeeAppointments));
        using var helen = await Web.SignInAsync(People.Helen);
        using var amara = await Web.SignInAsync(People.Amara);
        var token = (await amara.GetAsync("/account/sign-out")).RequestToken;

        var seen = await helen.GetAsync($"/acting-for/{asStaff}/appointments/{appointment}");
        var cancel = await helen.GetAsync($"/acting-for/{asStaff}/appointments/{appointment}/cancel");
        var own = await helen.GetAsync($"/practice/patients/{Seed.Margaret.Id}");
        var ticket = await amara.PostFromScriptAsync($"/acting-for/{asClinician}/consultations/{appointment}/ticket", token);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.OK, HttpStatusCode.Forbidden), (seen.Status, cancel.Status, own.Status, ticket.Status));
    }

    [Fact]
    public async Task The_carer_ends_it_and_the_last_day_ends_it()
    {
        var carer = await Web.AddCarerAsync(People.Grace, Everything, days: 1);
        using var grace = await Web.SignInAsync(People.Grace);
        var open = (await grace.GetAsync($"/acting-for/{carer}/appointments")).Status;
        Web.Time.SetUtcNow(new DateTimeOffset(2026, 3, 4, 0, 0, 0, TimeSpan.Zero));
        using var later = await Web.SignInAsync(People.Grace);
        var over = (await later.GetAsync($"/acting-for/{carer}/appointments")).Status;
        var second = await Web.AddCarerAsync(People.Grace, Everything);
        var ended = await later.SubmitAsync(await later.GetAsync("/acting-for"), "End this for good: Margaret Hughes");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (open, over));
        Assert.Contains("You do not act for Margaret Hughes any more", ended.Main, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await later.GetAsync($"/acting-for/{second}/appointments")).Status);
    }

    [Fact]
    public async Task Nobody_signed_in_is_led_to_sign_in_and_back_to_the_page_of_the_carer()
    {
        var carer = await Web.AddCarerAsync(People.Grace, Everything);
        using var grace = Web.Browser(People.Grace);

        var page = await grace.GetAsync($"/acting-for/{carer}/appointments");
        var signedOut = await grace.SubmitAsync(page, "Sign out");

        Assert.Equal((HttpStatusCode.OK, $"/acting-for/{carer}/appointments", "Appointments of Margaret Hughes"), (page.Status, page.Path, page.Heading));
        Assert.Equal("You have signed out", signedOut.Heading);
        Assert.DoesNotContain(page.Document.QuerySelectorAll("link[href], script[src]"), element => (element.GetAttribute("href") ?? element.GetAttribute("src"))?.Contains("acting-for", StringComparison.Ordinal) is true);
    }
}
