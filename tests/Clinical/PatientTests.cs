using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using static Telemedicine.Clinical.Patients.RegisterOutcome;

namespace Telemedicine.Clinical.Tests;

public sealed class PatientTests
{
    private static readonly NewPatient Details = new(" Zoë ", "Ní Bhriain", new DateOnly(1990, 6, 21), " 07700 900199 ", "");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Someone_who_signs_in_without_a_record_registers_and_is_known_from_then_on()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var before = await PersonAsync(clinic, "new-subject");

        var registered = Assert.IsType<Registered>(await RegisterAsync(clinic, "new-subject", Details));

        var person = await PersonAsync(clinic, "new-subject");
        Assert.False(before.IsKnown);
        Assert.Equal(("Zoë Ní Bhriain", "Riverside Health Centre", "Europe/London"), (person.Patient?.DisplayName, person.Patient?.PracticeName, person.Patient?.TimeZone));
        Assert.Equal(new Actor(clinic.Practice.Id, ActorRole.Patient, registered.Patient.Value), person.Patient?.Actor);
        var record = await clinic.ReadAsync(db => db.Patients.SingleAsync(Cancel));
        Assert.Equal(("07700 900199", null), (record.Phone, record.Email));
    }

    [Fact]
    public async Task Registering_twice_even_at_once_makes_one_record()
    {
        await using var clinic = await TestClinic.CreateAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => RegisterAsync(clinic, "new-subject", Details), Cancel)));

        var registered = Assert.Single(outcomes.OfType<Registered>());
        Assert.Equal(7, outcomes.OfType<AlreadyRegistered>().Count(outcome => outcome.Patient == registered.Patient));
        Assert.Equal(1, await clinic.ReadAsync(db => db.Patients.CountAsync(Cancel)));
    }

    [Fact]
    public async Task Registering_never_takes_over_a_record_with_the_same_name_and_date_of_birth()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var existing = await AddUnlinkedAsync(clinic);

        await RegisterAsync(clinic, "impostor", new NewPatient("Margaret", "Hughes", existing.DateOfBirth, null, null));

        Assert.Null((await clinic.ReadAsync(db => db.Patients.SingleAsync(row => row.Id == existing.Id, Cancel))).Subject);
    }

    [Fact]
    public async Task Bad_details_are_refused_and_nothing_is_kept()
    {
        await using var clinic = await TestClinic.CreateAsync();

        Assert.IsType<Incomplete>(await RegisterAsync(clinic, "s", Details with { GivenName = "  " }));
        Assert.IsType<Incomplete>(await RegisterAsync(clinic, "s", Details with { FamilyName = new string('x', 101) }));
        Assert.IsType<Incomplete>(await RegisterAsync(clinic, "s", Details with { Phone = new string('1', 33) }));
        Assert.IsType<ImpossibleDateOfBirth>(await RegisterAsync(clinic, "s", Details with { DateOfBirth = new DateOnly(2026, 6, 10) }));
        Assert.IsType<ImpossibleDateOfBirth>(await RegisterAsync(clinic, "s", Details with { DateOfBirth = new DateOnly(1896, 6, 8) }));
        Assert.IsType<UnknownPractice>(await clinic.AskAsync<PatientService, RegisterOutcome>(patients => patients.RegisterAsync(PracticeId.New(), "s", Details, Cancel)));
        Assert.Equal(0, await clinic.ReadAsync(db => db.Patients.CountAsync(Cancel)));
        Assert.IsType<Registered>(await RegisterAsync(clinic, "s", Details with { DateOfBirth = new DateOnly(2026, 6, 9) }));
    }

    [Fact]
    public async Task Staff_link_a_record_to_a_sign_in_once()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await AddUnlinkedAsync(clinic);
        var other = await clinic.AddPatientAsync("Mohammed", "Iqbal", subject: "taken");
        Task<LinkOutcome> LinkAsync(PatientId id, string subject) => clinic.AskAsync<PatientService, LinkOutcome>(patients => patients.LinkAsync(clinic.Staff, id, subject, "Showed a passport", Cancel));

        Assert.Equal(LinkOutcome.LinkedToAnother, await LinkAsync(patient.Id, "taken"));
        Assert.Equal(LinkOutcome.Linked, await LinkAsync(patient.Id, "hers"));
        Assert.Equal(LinkOutcome.Linked, await LinkAsync(patient.Id, "hers"));
        Assert.Equal(LinkOutcome.LinkedToAnother, await LinkAsync(patient.Id, "someone-else"));
        Assert.Equal(LinkOutcome.NotFound, await LinkAsync(PatientId.New(), "nobody"));
        Assert.Equal(patient.Id, (await PersonAsync(clinic, "hers")).Patient?.Actor.AsPatient);
        await Assert.ThrowsAsync<NotAllowedException>(() => clinic.AskAsync<PatientService, LinkOutcome>(patients => patients.LinkAsync(Actor.For(other), patient.Id, "mine", "", Cancel)));
    }

    [Fact]
    public async Task Clinicians_and_staff_are_known_by_their_subject_with_title_and_role()
    {
        await using var clinic = await TestClinic.CreateAsync();
        Assert.NotNull(clinic.Practitioner.Subject);

        var clinician = await PersonAsync(clinic, clinic.Practitioner.Subject);
        var staff = await PersonAsync(clinic, await clinic.ReadAsync(db => db.StaffMembers.Select(row => row.Subject ?? "").SingleAsync(Cancel)));

        Assert.Equal(("Dr Amara Okafor", clinic.Clinician), (clinician.Practitioner?.DisplayName, clinician.Practitioner?.Actor));
        Assert.Equal(("Helen Brooks", ActorRole.Staff), (staff.Staff?.DisplayName, staff.Staff?.Actor.Role));
        Assert.Null(clinician.Patient);
        Assert.Equal(["Riverside Health Centre"], (await clinic.AskAsync<PeopleService, IReadOnlyList<PracticeView>>(people => people.PracticesAsync(Cancel))).Select(practice => practice.Name));
    }

    [Theory]
    [InlineData("oconnor", "Liam O'Connor")]
    [InlineData("O'CONNOR liam", "Liam O'Connor")]
    [InlineData("wojcik", "Agnieszka Wójcik")]
    [InlineData("Wójcik", "Agnieszka Wójcik")]
    [InlineData("agni woj", "Agnieszka Wójcik")]
    [InlineData("05/07/1996", "Liam O'Connor")]
    [InlineData("5 July 1996", "Liam O'Connor")]
    [InlineData("1996-07-05", "Liam O'Connor")]
    [InlineData("07700 900107", "Liam O'Connor")]
    [InlineData("900107", "Liam O'Connor")]
    [InlineData("999 100 2227", "Agnieszka Wójcik")]
    [InlineData("liam wojcik", "")]
    [InlineData("l", "")]
    [InlineData("  ", "")]
    [InlineData("%", "")]
    [InlineData("100%_", "")]
    public async Task Staff_find_patients_by_name_date_of_birth_phone_and_number(string text, string expected)
    {
        await using var clinic = await TestClinic.CreateAsync();
        await clinic.WriteAsync(db => db.Patients.AddRange(
            Patient.Register(clinic.Practice.Id, null, "Liam", "O'Connor", new DateOnly(1996, 7, 5), "07700 900107", null, "9991002960", clinic.Now),
            Patient.Register(clinic.Practice.Id, null, "Agnieszka", "Wójcik", new DateOnly(1985, 9, 9), "07700 900105", null, "9991002227", clinic.Now)));

        var found = await clinic.AskAsync<PatientService, IReadOnlyList<PatientView>>(patients => patients.SearchAsync(clinic.Staff, text, Cancel));

        Assert.Equal(expected, string.Join(", ", found.Select(patient => patient.DisplayName)));
    }

    [Theory]
    [InlineData("oconor", "Liam O'Connor")]
    [InlineData("lima oconnor", "Liam O'Connor")]
    [InlineData("o'konnor", "Liam O'Connor")]
    [InlineData("agnieska wojick", "Agnieszka Wójcik")]
    [InlineData("agnezka", "Agnieszka Wójcik")]
    [InlineData("07700 900170", "Liam O'Connor, Agnieszka Wójcik")]
    [InlineData("999 100 2272", "Agnieszka Wójcik")]
    [InlineData("7/5/1996", "Liam O'Connor")]
    [InlineData("5/7/1997", "Liam O'Connor")]
    [InlineData("oconnor wojcik", "")]
    [InlineData("smith", "")]
    [InlineData("lia oco", "Liam O'Connor")]
    [InlineData("5/7/2003", "")]
    [InlineData("01632 111222", "")]
    public async Task Staff_find_patients_although_they_mistype(string text, string expected)
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        foreach (var practice in new[] { clinic, neighbour })
        {
            await practice.WriteAsync(db => db.Patients.AddRange(
                Patient.Register(practice.Practice.Id, null, "Liam", "O'Connor", new DateOnly(1996, 7, 5), "07700 900107", null, "9991002960", clinic.Now),
                Patient.Register(practice.Practice.Id, null, "Agnieszka", "Wójcik", new DateOnly(1985, 9, 9), "07700 900135", null, "9991002227", clinic.Now)));
        }

        var found = await clinic.AskAsync<PatientService, IReadOnlyList<PatientView>>(patients => patients.SearchAsync(clinic.Staff, text, Cancel));

        Assert.Equal(expected, string.Join(", ", found.Select(patient => patient.DisplayName)));
    }

    [Fact]
    public async Task The_audit_keeps_whose_records_a_search_showed_and_who_opened_one()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();

        await clinic.AskAsync<PatientService, IReadOnlyList<PatientView>>(patients => patients.SearchAsync(clinic.Staff, "hughs", Cancel));
        await clinic.AskAsync<PatientService, PatientView?>(patients => patients.OpenAsync(clinic.Staff, patient.Id, Cancel));
        await clinic.AskAsync<PatientService, PatientView?>(patients => patients.OpenAsync(clinic.Staff, PatientId.New(), Cancel));

        var events = await clinic.ReadAsync(db => db.AuditEvents.Where(row => row.Action.StartsWith("patient.")).OrderBy(row => row.Id).ToListAsync(Cancel));
        Assert.Equal(["patient.search", "patient.open"], events.Select(row => row.Action));
        Assert.All(events, row => Assert.Equal(clinic.Staff.PersonId, row.ActorId));
        Assert.Contains(patient.Id.ToString(), events[0].After, StringComparison.Ordinal);
        Assert.DoesNotContain("ugh", events[0].After, StringComparison.Ordinal);
        Assert.Equal(patient.Id.Value, events[1].EntityId);
    }

    [Fact]
    public async Task A_patient_neither_searches_nor_reads_another_record()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (patient, other) = (await clinic.AddPatientAsync(), await clinic.AddPatientAsync("Mohammed", "Iqbal"));

        await Assert.ThrowsAsync<NotAllowedException>(() => clinic.AskAsync<PatientService, IReadOnlyList<PatientView>>(patients => patients.SearchAsync(Actor.For(patient), "Iqbal", Cancel)));
        Assert.Null(await clinic.AskAsync<PatientService, PatientView?>(patients => patients.FindAsync(Actor.For(patient), other.Id, Cancel)));
        Assert.Equal("Margaret Hughes", (await clinic.AskAsync<PatientService, PatientView?>(patients => patients.FindAsync(Actor.For(patient), patient.Id, Cancel)))?.DisplayName);
        Assert.NotNull(await clinic.AskAsync<PatientService, PatientView?>(patients => patients.FindAsync(clinic.Staff, other.Id, Cancel)));
    }

    private static Task<RegisterOutcome> RegisterAsync(TestClinic clinic, string subject, NewPatient details) =>
        clinic.AskAsync<PatientService, RegisterOutcome>(patients => patients.RegisterAsync(clinic.Practice.Id, subject, details, Cancel));

    private static Task<SignedInPerson> PersonAsync(TestClinic clinic, string subject) =>
        clinic.AskAsync<PeopleService, SignedInPerson>(people => people.FindBySubjectAsync(subject, Cancel));

    private static async Task<Patient> AddUnlinkedAsync(TestClinic clinic)
    {
        var patient = Patient.Register(clinic.Practice.Id, null, "Margaret", "Hughes", new DateOnly(1941, 3, 14), null, null, null, clinic.Now);
        await clinic.WriteAsync(db => db.Patients.Add(patient));
        return patient;
    }
}
