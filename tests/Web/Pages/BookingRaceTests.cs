using System.Net;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

public sealed class BookingRaceTests : WebTest
{
    [Fact]
    public async Task Two_hundred_forms_for_one_time_book_it_once_and_send_the_others_to_the_times_that_are_left()
    {
        var patients = Enumerable.Range(0, 200)
            .Select(index => Patient.Register(Seed.Riverside.Id, null, "Patient", $"Number{index}", new DateOnly(1980, 1, 1), null, null, null, WebHost.Start)).ToList();
        await Web.WithAsync<ClinicalDbContext, bool>(db => db.WriteAsync(Actor.System(Seed.Riverside.Id), "test.arrange", null, () =>
        {
            db.Patients.AddRange(patients);
            return Task.FromResult(true);
        }, CancellationToken.None));
        using var staff = await Web.SignInAsync(People.Helen);
        var token = (await staff.GetAsync("/account/sign-out")).RequestToken ?? "";
        var slot = Seed.At(11);

        var answers = await Task.WhenAll(patients.Select(patient => Task.Run(() => staff.PostAsync(
            $"/practice/patients/{patient.Id}/appointments/book/{Seed.Gp.Id}/2026-03-02/{slot.Id}",
            new Dictionary<string, string> { ["__RequestVerificationToken"] = token, ["Channel"] = "Video" },
            follow: false))));

        var leads = answers.Select(answer => answer.Response.Headers.Location?.ToString() ?? $"{answer.Status}").ToList();
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Redirect, answer.Status));
        Assert.Single(leads, to => to.EndsWith("/booked", StringComparison.Ordinal));
        Assert.Equal(199, leads.Count(to => to.EndsWith("?taken=11%3A00", StringComparison.Ordinal) || to.EndsWith("?taken=11:00", StringComparison.Ordinal)));
        var sold = await Web.WithAsync<ClinicalDbContext, List<AppointmentId>>(db => db.Appointments.IgnoreQueryFilters().Where(row => row.SlotId == slot.Id).Select(row => row.Id).ToListAsync(Cancelled));
        Assert.Contains($"/{Assert.Single(sold)}/booked", leads.Single(to => to.EndsWith("/booked", StringComparison.Ordinal)), StringComparison.Ordinal);
    }
}
