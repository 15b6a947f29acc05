using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Carers;
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

    private static readonly DayOfWeek[] Weekdays = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    /// <summary>Held every weekday, and today whatever day it is.</summary>
    private static readonly (TimeOnly Start, TimeOnly End)[] Sessions = [(new(9, 0), new(12, 0)), (new(13, 30), new(16, 30))];

    /// <summary>The first of a profession is what its clinicians do all day; the others have a session of their own in the week, and show what a service can be.</summary>
    private static readonly Offer[] Offers =
    [
        new("General practitioner", "GP consultation", "Talk to a GP about a health problem, a worry or your medicine.", 15, [DeliveryChannel.Video], new(), [], null),
        new("General practitioner", "Medicine review", "Talk about the medicines you take, and if they are right for you.", 10, [DeliveryChannel.Video, DeliveryChannel.Telephone], new(BufferAfterMinutes: 5),
            [("Which medicines do you take?", true), ("What would you like to change?", false)], (DayOfWeek.Wednesday, new(16, 45), new(17, 45))),
        new("General practitioner", "Minor procedure", "A small treatment at the practice, such as taking out stitches. The practice books it after you talk to a GP.", 30, [DeliveryChannel.InPerson], new(Bookers.StaffOnly),
            [], (DayOfWeek.Friday, new(16, 45), new(18, 15))),
        new("Physiotherapist", "Physiotherapy", "Help with pain in your joints, muscles or back, and with moving after an injury.", 30, [DeliveryChannel.Video], new(), [], null),
        new("Practice nurse", "Nurse review", "A check of a long-term condition such as asthma, diabetes or high blood pressure.", 20, [DeliveryChannel.Video], new(), [], null),
        new("Practice nurse", "Stop smoking group", "Meet others who want to stop smoking, with a nurse who helps you plan it.", 60, [DeliveryChannel.InPerson], new(GroupSize: 8, BufferBeforeMinutes: 10, BufferAfterMinutes: 10),
            [], (DayOfWeek.Wednesday, new(16, 45), new(18, 15))),
        new("Practice nurse", "Travel health advice", "Advice about vaccines and health before you travel. The NHS does not pay for this.", 20, [DeliveryChannel.Video, DeliveryChannel.Telephone, DeliveryChannel.InPerson],
            new(MinimumNoticeHours: 24, HorizonDays: 90, PricePence: 3500, LateFeePence: 1000), [("Where do you travel to, and when?", true)], (DayOfWeek.Thursday, new(16, 45), new(18, 5))),
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
        foreach (var person in people.Where(person => person.CarerOf is null && !known.Contains(person.Subject)))
        {
            switch (person.Role)
            {
                case "clinician":
                    var own = new Practitioner
                    {
                        Id = PractitionerId.New(),
                        PracticeId = PracticeKey,
                        Subject = person.Subject,
                        Email = EmailAddress.Normal(person.Email ?? ""),
                        Title = person.Title,
                        GivenName = person.GivenName,
                        FamilyName = person.FamilyName,
                        Profession = person.Profession,
                    };
                    foreach (var offer in OffersOf(own))
                        own.Services.Add(services[offer.Service]);
                    db.Practitioners.Add(own);
                    break;
                case "staff" or "administrator":
                    db.StaffMembers.Add(new StaffMember
                    {
                        Id = StaffMemberId.New(),
                        PracticeId = PracticeKey,
                        Subject = person.Subject,
                        Email = EmailAddress.Normal(person.Email ?? ""),
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
        foreach (var person in people.Where(person => person.CarerOf is not null))
            await AddCarerAsync(person, now, cancellationToken);
    }

    /// <summary>Someone who has said yes to all that can be granted.</summary>
    private async Task AddCarerAsync(DemonstrationPerson person, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.RelatedPersons.AnyAsync(row => row.Subject == person.Subject, cancellationToken))
            return;
        var patient = await db.Patients.SingleOrDefaultAsync(row => row.Subject == person.CarerOf, cancellationToken)
            ?? throw new InvalidDataException("A demonstration carer acts for a patient who is not there.");
        const CarerRights Everything = CarerRights.SeeAppointments | CarerRights.ChangeAppointments | CarerRights.JoinConsultations;
        var grant = new CarerGrant(patient.Id, $"{person.GivenName} {person.FamilyName}", Relationship.Child, person.Email ?? "", Everything, default);
        // The invitation is answered: its link leads nowhere.
        var carer = CarerService.Record(patient, grant, now + RelatedPerson.Usual, codeHash: Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), now);
        carer.Accept(person.Subject, now);
        db.RelatedPersons.Add(carer);
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
                Channels = offer.Channels,
            };
            service.BookBy(offer.Rules);
            db.Services.Add(service);
            services.Add(service.Name, service);
            foreach (var (position, (text, isRequired)) in offer.Questions.Index())
            {
                var question = new ServiceQuestion { Id = ServiceQuestionId.New(), PracticeId = PracticeKey, ServiceId = service.Id };
                question.Ask(position, text, isRequired);
                db.ServiceQuestions.Add(question);
            }
        }

        return services;
    }

    private static IEnumerable<Offer> OffersOf(Practitioner clinician)
    {
        var own = Offers.Where(offer => offer.Profession == clinician.Profession).ToList();
        return own.Count > 0 ? own : Offers.Take(1);
    }

    /// <summary>The weekly clinics, also of clinicians who had none yet.</summary>
    private async Task<List<ClinicTemplate>> TemplatesAsync(IReadOnlyList<Practitioner> clinicians, DateOnly first, CancellationToken cancellationToken)
    {
        var templates = await db.ClinicTemplates.ToListAsync(cancellationToken);
        foreach (var clinician in clinicians.Where(clinician => clinician.EndedAt is null && !templates.Exists(row => row.PractitionerId == clinician.Id)).ToList())
        {
            foreach (var offer in OffersOf(clinician))
            {
                if (clinician.Services.FirstOrDefault(service => service.Name == offer.Service) is not { } service)
                    continue;
                (DayOfWeek[] Days, TimeOnly Start, TimeOnly End)[] sessions = offer.Session is var (day, start, end) ? [([day], start, end)] : [.. Sessions.Select(session => (Weekdays, session.Start, session.End))];
                foreach (var session in sessions)
                {
                    var template = new ClinicTemplate { Id = ClinicTemplateId.New(), PracticeId = PracticeKey, PractitionerId = clinician.Id };
                    template.Change(new TemplateDetails(clinician.Id, service.Id, session.Days, session.Start, session.End, null, [], [], first, null));
                    db.ClinicTemplates.Add(template);
                    templates.Add(template);
                }
            }
        }

        return templates;
    }

    /// <summary>
    /// The weekly clinics of the next four weeks; today those of every weekday whatever day it is, so that there is something to see; on the first start also those of the past week.
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
        var templates = (await TemplatesAsync(clinicians, first, cancellationToken)).OrderBy(row => row.Start).ToLookup(row => row.PractitionerId);
        var exceptions = await db.ClinicExceptions.ToDictionaryAsync(row => (row.TemplateId, row.Day), cancellationToken);
        var off = await db.TimeOff.ToListAsync(cancellationToken);
        for (var day = first; day <= today.AddDays(DaysAhead); day = day.AddDays(1))
        {
            foreach (var clinician in clinicians)
            {
                foreach (var template in templates[clinician.Id])
                {
                    var daily = template.Days.Length > 1;
                    var hours = template.HoursOn(day, exceptions.GetValueOrDefault((template.Id, day))) ?? (day == today && daily && template.To is null ? (template.Start, template.End) : null);
                    if (hours is not { } held || clinician.Services.FirstOrDefault(row => row.Id == template.ServiceId) is not { } service || template.Publish(clinician, service, day, held, time) is not var (schedule, slots)
                        || off.Exists(row => row.First <= day && row.Last >= day && (row.PractitionerId ?? clinician.Id) == clinician.Id)
                        || published.Exists(row => row.PractitionerId == clinician.Id && row.Start < schedule.End && row.End > schedule.Start))
                        continue;
                    db.Schedules.Add(schedule);
                    db.Slots.AddRange(slots);
                    if (daily)
                        history.Fill(day, template.Start.Hour < 12, slots);
                }
            }
        }
    }

    private Task<List<PatientId>> PatientsAsync(CancellationToken cancellationToken) =>
        db.Patients.OrderBy(row => row.NhsNumber).Select(row => row.Id).ToListAsync(cancellationToken);

    private Task<List<Booking.Appointment>> AppointmentsAsync(DateTimeOffset from, CancellationToken cancellationToken) =>
        db.Appointments.AsNoTracking().Where(row => row.Start > from && row.Status != Booking.AppointmentStatus.Cancelled).ToListAsync(cancellationToken);

    /// <param name="Session">Its session of the week; null for every weekday, morning and afternoon.</param>
    private sealed record Offer(
        string Profession, string Service, string Description, int Minutes, DeliveryChannel[] Channels, ServiceRules Rules, (string Text, bool IsRequired)[] Questions, (DayOfWeek Day, TimeOnly Start, TimeOnly End)? Session);
}
