using System.Net;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

/// <summary>Three steps before the waiting room.</summary>
public sealed class ArrivingTests : WebTest
{
    [Fact]
    public async Task A_patient_says_once_who_they_are_that_they_agree_and_where_they_are_and_the_clinician_reads_it()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var margaret = await Web.SignInAsync(People.Margaret);
        using var amara = await Web.SignInAsync(People.Amara);
        using var helen = await Web.SignInAsync(People.Helen);

        var who = await margaret.GetAsync($"/consultations/{appointment}/join");
        var consent = await margaret.SubmitAsync(who, "Continue");
        var refused = await margaret.SubmitAsync(consent, "Continue", ("Form.Companions", "My daughter"));
        var place = await margaret.SubmitAsync(refused, "Continue", ("Form.Agree", "true"));
        var empty = await margaret.SubmitAsync(place, "Continue", ("Form.Phone", "none"));
        var noPhone = await margaret.SubmitAsync(empty, "Continue", ("Form.Place", "12 Mill Lane, Hexham"));
        var join = await margaret.SubmitAsync(noPhone, "Continue", ("Form.Phone", "01632 960111"));

        Assert.Equal(("Step 1 of 3", $"/consultations/{appointment}/arriving/who"), (who.Document.QuerySelector(".nhsuk-caption-l")?.TextContent, who.Path));
        Assert.Contains("14 March 1941", who.Main, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.BadRequest, "#Form_Agree"), (refused.Status, refused.Errors.Single().Field));
        Assert.Equal("My daughter", refused.Document.QuerySelector("#Form_Companions")?.GetAttribute("value"));
        Assert.Equal("07700 900100", place.Document.QuerySelector("#Form_Phone")?.GetAttribute("value"));
        Assert.Equal([("Enter where you are", "#Form_Place")], empty.Errors);
        Assert.Equal(("#Form_Phone", "12 Mill Lane, Hexham"), (noPhone.Errors.Single().Field, noPhone.Document.QuerySelector("#Form_Place")?.GetAttribute("value")));
        Assert.Equal("Before you join", join.Heading);
        Assert.Equal("Before you join", (await margaret.GetAsync($"/consultations/{appointment}/join")).Heading);
        foreach (var page in new[] { await amara.GetAsync($"/clinics/consultations/{appointment}"), await helen.GetAsync($"/practice/bookings/{appointment}") })
        {
            foreach (var said in new[] { "12 Mill Lane, Hexham", "01632 960111", "My daughter", "Agreed to video at 8:30am (wording 1)" })
                Assert.Contains(said, page.Main, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("Mill Lane", Web.Log.Written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guest_who_is_not_the_patient_agrees_and_is_not_asked_where_they_are()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        var (link, code) = await Web.GuestLinkAsync(appointment, Clinical.Guests.GuestRole.Interpreter);
        using var ana = Web.Browser();
        using var amara = await Web.SignInAsync(People.Amara);

        var who = await ana.SubmitAsync(await ana.GetAsync(link), "Continue", ("Answer", code ?? ""));
        var start = await ana.SubmitAsync(await ana.SubmitAsync(who, "Continue"), "Continue", ("Form.Agree", "true"));

        Assert.Equal(("/guest/arriving/who", "Step 1 of 2"), (who.Path, who.Document.QuerySelector(".nhsuk-caption-l")?.TextContent));
        Assert.Equal("/guest", start.Path);
        Assert.Contains("Ana Costa (interpreter)", (await amara.GetAsync($"/clinics/consultations/{appointment}")).Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_comes_into_the_waiting_room_past_the_steps()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var margaret = await Web.SignInAsync(People.Margaret);
        var who = await margaret.GetAsync($"/consultations/{appointment}/join");

        var forced = await margaret.PostAsync($"/consultations/{appointment}/join", [new("__RequestVerificationToken", who.RequestToken ?? "")]);
        var skipped = await margaret.PostAsync($"/consultations/{appointment}/arriving/place", [new("__RequestVerificationToken", who.RequestToken ?? ""), new("Form.Place", "Here"), new("Form.Phone", "01632 960111")]);
        var call = await margaret.GetAsync($"/consultations/{appointment}");

        Assert.Equal($"/consultations/{appointment}/arriving/who", forced.Path);
        Assert.Equal($"/consultations/{appointment}/arriving/consent", skipped.Path);
        Assert.Equal($"/consultations/{appointment}/arriving/who", call.Path);
        Assert.Equal(Clinical.Booking.AppointmentStatus.Booked, (await Web.FindAsync(Clinical.Practices.Actor.For(Seed.Margaret), appointment)).Status);
    }
}
