using System.Net;
using Telemedicine.Clinical.Practices;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Access;

/// <summary>The right role is not enough: what belongs to another person or practice is as if it were not there.</summary>
public sealed class OtherPersonTests(SharedWeb shared) : IClassFixture<SharedWeb>
{
    public static TheoryData<string, string> Addresses => new()
    {
        { "another patient", "GET /appointments/{appointment}" },
        { "another patient", "GET /appointments/{appointment}/booked" },
        { "another patient", "GET /appointments/{appointment}/appointment.ics" },
        { "another patient", "GET /appointments/{appointment}/cancel" },
        { "another patient", "POST /appointments/{appointment}/cancel" },
        { "another patient", "GET /appointments/{appointment}/move" },
        { "another patient", "GET /appointments/{appointment}/move/2026-03-02" },
        { "another patient", "POST /appointments/{appointment}/move/2026-03-02" },
        { "another patient", "GET /appointments/{appointment}/move/to/{slot}" },
        { "another patient", "POST /appointments/{appointment}/move/to/{slot}" },
        { "another patient", "GET /appointments/{appointment}/way" },
        { "another patient", "POST /appointments/{appointment}/way" },
        { "another patient", "GET /consultations/{appointment}/join" },
        { "another patient", "POST /consultations/{appointment}/join" },
        { "another patient", "GET /consultations/{appointment}" },
        { "another patient", "GET /consultations/{appointment}/arriving/consent" },
        { "another patient", "POST /consultations/{appointment}/arriving/place" },
        { "another practice's patient", "POST /consultations/{appointment}/arriving/consent" },
        { "another patient", "GET /consultations/{appointment}/outcome" },
        { "another patient", "POST /consultations/{appointment}/ticket" },
        { "another patient", "GET /appointments/{appointment}/guests" },
        { "another patient", "POST /appointments/{appointment}/guests/Invite" },
        { "another patient", "POST /appointments/{appointment}/guests/Link" },
        { "another patient", "POST /appointments/{appointment}/guests/Revoke" },
        { "another clinician", "GET /clinics/consultations/{appointment}/guests" },
        { "another clinician", "POST /clinics/consultations/{appointment}/guests/Invite" },
        { "another clinician", "POST /clinics/consultations/{appointment}/guests/Revoke" },
        { "another practice's staff", "GET /practice/bookings/{appointment}/guests" },
        { "another practice's staff", "POST /practice/bookings/{appointment}/guests/Invite" },
        { "another practice's staff", "POST /practice/bookings/{appointment}/guests/Link" },
        { "another practice's staff", "POST /practice/bookings/{appointment}/guests/Revoke" },
        { "another patient", "GET /consultations/{appointment}/waiting" },
        { "another patient", "GET /consultations/{appointment}/waiting?handler=Panel" },
        { "another patient", "POST /consultations/{appointment}/waiting?handler=Help" },
        { "another practice's patient", "GET /consultations/{appointment}/waiting?handler=Panel" },
        { "another practice's patient", "POST /consultations/{appointment}/waiting?handler=Help" },
        { "another clinician", "GET /clinics/{clinic}/message" },
        { "another clinician", "POST /clinics/{clinic}/message?to={appointment}" },
        { "another clinician", "POST /clinics/{clinic}?handler=Arrived&appointment={appointment}" },
        { "another clinician", "POST /clinics/{clinic}?handler=Claim&appointment={appointment}" },
        { "another clinician", "POST /clinics/{clinic}?handler=Release&appointment={appointment}" },
        { "another clinician", "POST /clinics/{clinic}?handler=Seen&appointment={appointment}" },
        { "another practice's staff", "GET /clinics/{clinic}/message?to={appointment}" },
        { "another practice's staff", "POST /clinics/{clinic}/message" },
        { "another practice's staff", "POST /clinics/{clinic}?handler=Arrived&appointment={appointment}" },
        { "another practice's staff", "POST /clinics/{clinic}?handler=Claim&appointment={appointment}" },
        { "another practice's staff", "POST /clinics/{clinic}?handler=Release&appointment={appointment}" },
        { "another practice's staff", "POST /clinics/{clinic}?handler=Seen&appointment={appointment}" },
        { "another practice's patient", "GET /appointments/{appointment}" },
        { "another practice's patient", "POST /consultations/{appointment}/ticket" },
        { "another practice's patient", "GET /appointments/book/{service}" },
        { "another clinician", "GET /clinics/{clinic}" },
        { "another clinician", "GET /clinics/{clinic}?handler=Table" },
        { "another clinician", "POST /clinics/{clinic}/ticket" },
        { "another clinician", "GET /clinics/consultations/{appointment}" },
        { "another clinician", "POST /clinics/consultations/{appointment}/Save" },
        { "another clinician", "POST /clinics/consultations/{appointment}/Finish" },
        { "another clinician", "POST /clinics/consultations/{appointment}/Autosave" },
        { "another clinician", "GET /clinics/consultations/{appointment}/amend" },
        { "another clinician", "GET /clinics/consultations/{appointment}/letter" },
        { "another clinician", "POST /clinics/consultations/{appointment}/letter/Save" },
        { "another clinician", "POST /clinics/consultations/{appointment}/letter/Send" },
        { "another clinician", "POST /clinics/consultations/{appointment}/letter/Autosave" },
        { "another clinician", "GET /clinics/consultations/{appointment}/follow-up" },
        { "another clinician", "POST /clinics/consultations/{appointment}/follow-up" },
        { "another clinician", "GET /clinics/consultations/{appointment}/tasks" },
        { "another clinician", "POST /clinics/consultations/{appointment}/tasks" },
        { "another patient", "GET /consultations/{appointment}/letter.pdf" },
        { "another patient", "POST /consultations/{appointment}/outcome?handler=Survey" },
        { "another practice's staff", "POST /practice/bookings/{appointment}/letter.pdf" },
        { "another clinician", "POST /clinics/consultations/{appointment}/amend" },
        { "another clinician", "GET /clinics/appointments/{appointment}/did-not-attend" },
        { "another clinician", "POST /clinics/appointments/{appointment}/did-not-attend" },
        { "another clinician", "POST /consultations/{appointment}/ticket" },
        { "another practice's clinician", "GET /clinics/{clinic}" },
        { "another practice's clinician", "GET /clinics/consultations/{appointment}" },
        { "another practice's staff", "GET /clinics/{clinic}" },
        { "another practice's staff", "POST /clinics/{clinic}/ticket" },
        { "another practice's staff", "GET /practice/patients/{patient}" },
        { "another practice's staff", "GET /practice/patients/{patient}/appointments/book" },
        { "another practice's staff", "GET /practice/patients/{patient}/appointments/{appointment}/cancel" },
        { "another practice's staff", "POST /practice/patients/{patient}/appointments/{appointment}/cancel" },
        { "another practice's staff", "GET /practice/bookings/{appointment}" },
        { "another practice's staff", "POST /practice/bookings/{appointment}?handler=Arrived" },
        { "another practice's staff", "GET /clinics/appointments/{appointment}/did-not-attend" },
        { "another practice's staff", "POST /clinics/appointments/{appointment}/did-not-attend?handler=NotHeld" },
        { "another clinician", "POST /clinics/appointments/{appointment}/did-not-attend?handler=NotHeld" },
        { "another patient", "GET /appointments/{appointment}/dispute" },
        { "another clinician", "GET /clinics/appointments/{appointment}/timeline" },
        { "another practice's staff", "GET /clinics/appointments/{appointment}/timeline" },
        { "another patient", "POST /appointments/{appointment}/dispute" },
        { "another practice's staff", "POST /practice/bookings/{appointment}?handler=Undo" },
        { "another practice's staff", "GET /practice/slots/{slot}" },
        { "another practice's staff", "POST /practice/slots/{slot}?handler=Block" },
        { "another practice's staff", "POST /practice/slots/{slot}?handler=Unblock" },
        { "another practice's staff", "POST /practice/slots/{slot}?handler=Search" },
        { "another practice's staff", "POST /practice/slots/{slot}?handler=Release" },
        { "another practice's staff", "GET /practice/slots/{slot}/overbook/{patient}" },
        { "another practice's staff", "POST /practice/slots/{slot}/overbook/{patient}" },
        { "another practice's staff", "GET /practice/diary?move={appointment}" },
        { "another practice's staff", "GET /practice/clinics/{clinic}/call-off" },
        { "another practice's staff", "POST /practice/clinics/{clinic}/call-off?handler=Preview" },
        { "another practice's staff", "POST /practice/clinics/{clinic}/call-off?handler=Confirm" },
        { "another practice's staff", "GET /practice/diary/free?for={patient}" },
        { "another practice's staff", "POST /practice/patients/{patient}/appointments/{appointment}/move/to/{slot}" },
        { "another practice's staff", "POST /practice/patients/{patient}/appointments/{appointment}/way" },
        { "another practice's staff", "GET /practice/patients/{patient}/appointments/needs" },
        { "another practice's patient", "GET /waiting-list/join/{service}" },
        { "another practice's staff", "GET /practice/patients/{patient}/waiting-list" },
        { "another practice's staff", "POST /practice/patients/{patient}/waiting-list" },
        { "another practice's staff", "GET /practice/patients/{patient}/carers" },
        { "another practice's staff", "POST /practice/patients/{patient}/carers?handler=Withdraw&carer={carer}" },
        { "another practice's staff", "GET /practice/patients/{patient}/carers/invite" },
        { "another practice's staff", "POST /practice/patients/{patient}/carers/invite" },
        { "another patient", "POST /carers?handler=Withdraw&carer={carer}" },
        { "another patient", "POST /acting-for?handler=End&carer={carer}" },
        { "another practice's staff", "POST /clinics/appointments/{appointment}/did-not-attend" },
    };

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task What_is_not_theirs_is_not_found_and_stays_as_it_is(string who, string what)
    {
        var appointment = shared.Appointment;
        var browser = await shared.BrowserAsync(who switch
        {
            "another patient" => People.Mohammed,
            "another practice's patient" => People.Wilma,
            "another clinician" => People.Tomasz,
            "another practice's clinician" => People.Rowan,
            _ => People.Imran,
        });
        var token = (await browser.GetAsync("/account/sign-out")).RequestToken ?? "";
        var (method, path) = (what.Split(' ')[0], what.Split(' ')[1]);
        var address = path
            .Replace("{appointment}", appointment.ToString(), StringComparison.Ordinal)
            .Replace("{clinic}", Seed.AmarasMorning.Schedule.Id.ToString(), StringComparison.Ordinal)
            .Replace("{service}", Seed.Gp.Id.ToString(), StringComparison.Ordinal)
            .Replace("{slot}", Seed.At(11).Id.ToString(), StringComparison.Ordinal)
            .Replace("{carer}", shared.Carer.ToString(), StringComparison.Ordinal)
            .Replace("{patient}", Seed.Margaret.Id.ToString(), StringComparison.Ordinal);

        var page = method == "GET"
            ? await browser.GetAsync(address)
            : await browser.PostAsync(address, new Dictionary<string, string> { ["__RequestVerificationToken"] = token, ["Reason"] = "Because", ["Note"] = "A note", ["NoteVersion"] = "0" });

        Assert.Equal(HttpStatusCode.NotFound, page.Status);
        Assert.DoesNotContain("Hughes", page.Text, StringComparison.Ordinal);
        Assert.Equal(Clinical.Booking.AppointmentStatus.Booked, (await shared.Web.FindAsync(Actor.For(Seed.Margaret), appointment)).Status);
    }

    [Fact]
    public async Task Staff_cannot_cancel_one_patients_appointment_under_another_patients_address()
    {
        var appointment = shared.Appointment;
        var browser = await shared.BrowserAsync(People.Helen);

        var page = await browser.GetAsync($"/practice/patients/{Seed.Mohammed.Id}/appointments/{appointment}/cancel");

        Assert.Equal(HttpStatusCode.NotFound, page.Status);
    }
}
