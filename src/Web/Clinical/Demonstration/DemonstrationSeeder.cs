using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Demonstration;

/// <summary>Fills the database with the demonstration practice. A later start keeps everything and adds what the coming four weeks lack.</summary>
public sealed class DemonstrationSeeder(ClinicalDbContext db, TimeProvider clock)
{
    public const int DaysAhead = 28;
    public const int DaysBack = 7;

    private static readonly PracticeId PracticeKey = new(Guid.ParseExact("5d0c3a52-6b7c-4c1e-9f6e-0d6a3f0e2b11", "D"));

    private static readonly (TimeOnly Start, TimeOnly End)[] Sessions = [(new(9, 0), new(12, 0)), (new(13, 30), new(16, 30))];

    private static readonly (string Profession, string Service, string Description, int Minutes)[] Offers =
    [
        ("General practitioner", "GP consultation", "Talk to a GP about a health problem, a worry or your medicine.", 15),
        ("Physiotherapist", "Physiotherapy", "Help with pain in your joints, muscles or back, and with moving after an injury.", 30),
        ("Practice nurse", "Nurse review", "A check of a long-term condition such as asthma, diabetes or high blood pressure.", 20),
    ];

    /// <exception cref="InvalidDataException">The file of people is not as it should be; the message says how.</exception>
    public async Task SeedAsync(string peopleFile, CancellationToken cancellationToken)
    {
        var people = await DemonstrationPeople.ReadAsync(peopleFile, cancellationToken);
        var system = Actor.System(PracticeKey);
        await db.WriteAsync(system, "demonstration.seed", reason: null, async () =>
        {
            var practice = await db.Practices.SingleOrDefaultAsync(row => row.Id == PracticeKey, cancellationToken);
            if (practice is null)
                db.Practices.Add(practice = new Practice { Id = PracticeKey, Name = people.Practice.Name, TimeZone = people.Practice.TimeZone, Phone = people.Practice.Phone });
            await AddPeopleAsync(people.People, cancellationToken);
            await AddClinicsAsync(practice.Time, cancellationToken);
            return true;
        }, cancellationToken);
    }

    private async Task AddPeopleAsync(IReadOnlyList<DemonstrationPerson> people, CancellationToken cancellationToken)
    {
        var known = (await db.Patients.Select(row => row.Subject).ToListAsync(cancellationToken))
            .Concat(await db.Practitioners.Select(row => row.Subject).ToListAsync(cancellationToken))
            .Concat(await db.StaffMembers.Select(row => row.Subject).ToListAsync(cancellationToken)).ToHashSet();
        var services = await ServicesAsync(cancellationToken);
        var now = clock.GetUtcNow();
        foreach (var person in people.Where(person => !known.Contains(person.Subject)))
        {
            switch (person.Role)
            {
                case "clinician":
                    var offer = Offers.FirstOrDefault(offer => offer.Profession == person.Profession, Offers[0]);
                    db.Practitioners.Add(new Practitioner
                    {
                        Id = PractitionerId.New(),
                        PracticeId = PracticeKey,
                        Subject = person.Subject,
                        Title = person.Title,
                        GivenName = person.GivenName,
                        FamilyName = person.FamilyName,
                        Profession = person.Profession,
                        Services = { services[offer.Service] },
                    });
                    break;
                case "staff" or "administrator":
                    db.StaffMembers.Add(new StaffMember
                    {
                        Id = StaffMemberId.New(),
                        PracticeId = PracticeKey,
                        Subject = person.Subject,
                        Title = person.Title,
                        GivenName = person.GivenName,
                        FamilyName = person.FamilyName,
                        IsAdministrator = person.Role == "administrator",
                    });
                    break;
                case "patient":
                    var born = person.DateOfBirth ?? throw new InvalidDataException("A demonstration patient has no date of birth.");
                    db.Patients.Add(Patient.Register(PracticeKey, person.Subject, person.GivenName, person.FamilyName, born, person.Phone, person.Email, person.NhsNumber, now));
                    break;
                default:
                    throw new InvalidDataException($"A demonstration person has the unknown role \"{person.Role}\".");
            }
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task<Dictionary<string, HealthcareService>> ServicesAsync(CancellationToken cancellationToken)
    {
        var services = await db.Services.ToDictionaryAsync(service => service.Name, cancellationToken);
        foreach (var offer in Offers.Where(offer => !services.ContainsKey(offer.Service)))
        {
            var service = new HealthcareService
            {
                Id = HealthcareServiceId.New(),
                PracticeId = PracticeKey,
                Name = offer.Service,
                Description = offer.Description,
                DurationMinutes = offer.Minutes,
                Channels = [DeliveryChannel.Video],
            };
            db.Services.Add(service);
            services.Add(service.Name, service);
        }

        return services;
    }

    /// <summary>
    /// Two sessions a clinician on each weekday of the next four weeks, and today whatever day it is, so that there is something to see; on the
    /// first start also on the weekdays of the past week.
    /// </summary>
    private async Task AddClinicsAsync(PracticeTime time, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var today = time.DayOf(now);
        var clinicians = await db.Practitioners.Include(row => row.Services).OrderBy(row => row.FamilyName).ToListAsync(cancellationToken);
        var first = await db.Schedules.AnyAsync(cancellationToken) ? today : today.AddDays(-DaysBack);
        var from = time.BoundsOf(first).Start.AddDays(-1);
        var published = await db.Schedules.AsNoTracking().Where(row => row.Start > from).ToListAsync(cancellationToken);
        var history = new DemonstrationHistory(db, await PatientsAsync(cancellationToken), await AppointmentsAsync(from, cancellationToken), now, today);
        for (var day = first; day <= today.AddDays(DaysAhead); day = day.AddDays(1))
        {
            if (day != today && day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
                continue;
            foreach (var clinician in clinicians)
            {
                foreach (var (opens, closes) in Sessions)
                {
                    var (start, end) = (time.At(day, opens), time.At(day, closes));
                    if (published.Exists(row => row.PractitionerId == clinician.Id && row.Start < end && row.End > start))
                        continue;
                    if (clinician.Services.MinBy(service => service.Name, StringComparer.Ordinal) is not { } offered)
                        continue;
                    var (schedule, slots) = Schedule.Publish(clinician, offered, start, end, time);
                    db.Schedules.Add(schedule);
                    db.Slots.AddRange(slots);
                    history.Fill(day, opens.Hour < 12, slots);
                }
            }
        }
    }

    private Task<List<PatientId>> PatientsAsync(CancellationToken cancellationToken) =>
        db.Patients.OrderBy(row => row.NhsNumber).Select(row => row.Id).ToListAsync(cancellationToken);

    private Task<List<Booking.Appointment>> AppointmentsAsync(DateTimeOffset from, CancellationToken cancellationToken) =>
        db.Appointments.AsNoTracking().Where(row => row.Start > from && row.Status != Booking.AppointmentStatus.Cancelled).ToListAsync(cancellationToken);
}
