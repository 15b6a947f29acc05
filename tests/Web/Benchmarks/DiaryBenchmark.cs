using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Benchmarks;

/// <summary>How fast the diary is. Not a test; docs/performance.md has the command and the figures.</summary>
public sealed class DiaryBenchmark(ITestOutputHelper output) : WebTest
{
    private const int Clinics = 40;
    private const int Turns = 300;

    private static readonly DateOnly Day = new(2026, 3, 4);

    [Fact(Explicit = true)]
    public async Task A_day_of_40_clinics()
    {
        await AddClinicsAsync();
        using var browser = await Web.SignInAsync(People.Helen);
        var address = $"/practice/diary?day={Day:yyyy-MM-dd}";
        for (var warm = 0; warm < 50; warm++)
            await browser.GetAsync(address);

        var times = new double[Turns];
        using var request = new HttpClient(Web.Server.CreateHandler());
        for (var turn = 0; turn < Turns; turn++)
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, new Uri(Browser.Web, address));
            message.Headers.Add("Cookie", browser.Cookies.GetCookieHeader(Browser.Web));
            var start = Stopwatch.GetTimestamp();
            using var response = await request.SendAsync(message, Cancelled);
            await response.Content.ReadAsByteArrayAsync(Cancelled);
            times[turn] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        var page = await browser.GetAsync(address);
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(page.Text), Cancelled);
        output.WriteLine($"{page.Document.QuerySelectorAll(".app-diary__entry").Length} times in {Clinics} clinics: p50 {times[Turns / 2]:0.0} ms, p99 {times[(int)(Turns * 0.99)]:0.0} ms; {page.Text.Length / 1024} KB, compressed {compressed.Length / 1024.0:0.0} KB");
        Assert.True(times[Turns / 2] < 50, $"{times[Turns / 2]:0.0} ms");
    }

    /// <summary>A full day of each clinician, two in three times booked.</summary>
    private async Task AddClinicsAsync()
    {
        var time = PracticeTime.For("Europe/London");
        await Web.WithAsync<ClinicalDbContext, bool>(db => db.WriteAsync(Actor.System(Seed.Riverside.Id), "test.arrange", null, async () =>
        {
            var service = await db.Services.FindAsync([Seed.Gp.Id], Cancelled) ?? throw new InvalidOperationException("No service.");
            var patients = Enumerable.Range(0, Clinics).Select(number =>
                Patient.Register(Seed.Riverside.Id, null, "Patient", $"Number{number}", new DateOnly(1980, 1, 1), null, null, null, WebHost.Start)).ToList();
            db.Patients.AddRange(patients);
            for (var number = 0; number < Clinics; number++)
            {
                var clinician = new Practitioner { Id = PractitionerId.New(), PracticeId = Seed.Riverside.Id, Title = "Dr", GivenName = "Clinician", FamilyName = $"Number{number:00}", Services = { service } };
                var (schedule, slots) = Schedule.Publish(clinician, service, time.At(Day, new TimeOnly(9, 0)), time.At(Day, new TimeOnly(17, 0)), time);
                db.Practitioners.Add(clinician);
                db.Schedules.Add(schedule);
                db.Slots.AddRange(slots);
                foreach (var (index, slot) in slots.Index().Where(row => row.Index % 3 != 0))
                {
                    var patient = patients[(index + number) % Clinics];
                    slot.Sell(patient.Id, WebHost.Start);
                    db.Appointments.Add(Appointment.Book(slot, patient.Id, DeliveryChannel.Video, AppointmentReference.New(), null, WebHost.Start));
                }
            }

            return true;
        }, CancellationToken.None));
    }
}
