using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Demonstration;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests;

public sealed class DemonstrationTests
{
    private const string Margaret = "abd73bf4-a71e-5d1d-a28c-1411c12c5b10";
    private const string Amara = "4aa15951-75d8-5e30-920d-4b488d801b38";
    private const string Helen = "1e6de406-be79-509b-8fe2-c45a01a53989";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_start_makes_a_practice_that_looks_alive()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await SeedAsync(clinic);
        var (patient, staff) = ((await PersonAsync(clinic, Margaret)).Patient, (await PersonAsync(clinic, Helen)).Staff);
        Assert.NotNull(patient);
        Assert.NotNull(staff);

        var services = await clinic.AskAsync<AvailabilityService, IReadOnlyList<ServiceView>>(service => service.ServicesAsync(patient.Actor, patient.Actor.AsPatient, Cancel));
        Assert.Equal(["GP consultation 15", "Medicine review 10", "Nurse review 20", "Physiotherapy 30", "Stop smoking group 60", "Travel health advice 20"], services.Select(service => $"{service.Name} {service.DurationMinutes}"));
        foreach (var service in services.Where(service => service.Name is "GP consultation" or "Nurse review" or "Physiotherapy"))
        {
            var days = await clinic.AskAsync<AvailabilityService, IReadOnlyList<AvailableDay>>(slots => slots.DaysAsync(patient.Actor, service.Id, patient.Actor.AsPatient, null, 29, Cancel));
            Assert.Equal(21, days.Count);
            Assert.DoesNotContain(days, day => day.Day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday);
        }

        var today = await clinic.AskAsync<ClinicService, IReadOnlyList<ClinicSummary>>(clinics => clinics.ClinicsOfDayAsync(staff.Actor, null, Cancel));
        Assert.Equal(6, today.Count);
        Assert.Equal(18, today.Sum(summary => summary.Booked));
        var appointments = await InPracticeAsync(clinic, staff.Actor, db => db.Appointments.AsNoTracking().ToListAsync(Cancel));
        Assert.All(new[] { AppointmentStatus.Fulfilled, AppointmentStatus.NoShow, AppointmentStatus.Cancelled },
            status => Assert.True(appointments.Count(row => row.Status == status && row.Start < clinic.Now) >= 5, status.ToString()));
        Assert.Equal(
            appointments.Count(row => row.Status == AppointmentStatus.Fulfilled),
            await InPracticeAsync(clinic, staff.Actor, db => db.EncounterNotes.CountAsync(note => note.SignedAt != null, Cancel)));
        var mine = await clinic.AskAsync<AppointmentQueries, MyAppointments>(queries => queries.OfPatientAsync(staff.Actor, new PatientId(patient.Actor.PersonId), Cancel));
        Assert.NotEmpty(mine.Coming);
        Assert.NotEmpty(mine.Past);
        Assert.DoesNotContain(mine.Coming, row => DateOnly.FromDateTime(row.Start.DateTime) == new DateOnly(2026, 6, 9));
    }

    [Fact]
    public async Task Nobody_is_in_two_places_and_slots_agree_with_appointments()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await SeedAsync(clinic);
        var staff = await StaffAsync(clinic);

        var live = await InPracticeAsync(clinic, staff, db => db.Appointments.AsNoTracking().Where(row => row.Status != AppointmentStatus.Cancelled).ToListAsync(Cancel));
        var sold = await InPracticeAsync(clinic, staff, db => db.Slots.Where(slot => slot.Status == SlotStatus.Busy).Select(slot => slot.Id).ToListAsync(Cancel));

        Assert.Equal(live.Select(row => row.SlotId).Order(Comparer<SlotId>.Create((a, b) => a.Value.CompareTo(b.Value))), sold.Order(Comparer<SlotId>.Create((a, b) => a.Value.CompareTo(b.Value))));
        foreach (var appointment in live)
            Assert.DoesNotContain(live, other => other.Id != appointment.Id && other.PatientId == appointment.PatientId && other.Start < appointment.End && other.End > appointment.Start);
    }

    [Fact]
    public async Task A_second_start_changes_nothing_and_a_later_one_adds_the_missing_days_and_keeps_the_rest()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await SeedAsync(clinic);
        var staff = await StaffAsync(clinic);
        var first = await CountsAsync(clinic, staff);

        await SeedAsync(clinic);
        var second = await CountsAsync(clinic, staff);
        clinic.Clock.Advance(TimeSpan.FromDays(2));
        await SeedAsync(clinic);
        var later = await CountsAsync(clinic, staff);

        Assert.Equal(first, second);
        Assert.Equal((first.People, first.Schedules + 15), (later.People, later.Schedules));
        Assert.True(later.Appointments > first.Appointments);
    }

    [Fact]
    public async Task Today_has_clinics_at_the_weekend_too()
    {
        var sunday = new DateTimeOffset(2026, 6, 14, 10, 0, 0, TimeSpan.Zero);
        await using var clinic = await TestClinic.CreateAsync(sunday);
        await SeedAsync(clinic);

        var today = await clinic.AskAsync<ClinicService, IReadOnlyList<ClinicSummary>>(async clinics => await clinics.ClinicsOfDayAsync(await StaffAsync(clinic), null, Cancel));

        Assert.Equal(6, today.Count);
        Assert.True(today.Sum(summary => summary.Booked) >= 6);
        Assert.True(today.Sum(summary => summary.Done + summary.DidNotAttend + summary.Cancelled) >= 3);
    }

    [Theory]
    [InlineData("2026-06-14T02:03:07Z")]
    [InlineData("2026-06-09T22:41:00Z")]
    [InlineData("2026-06-09T09:05:00Z")]
    [InlineData("2026-10-25T00:50:00Z")]
    [InlineData("2026-12-31T23:59:59Z")]
    public async Task A_clinic_now_can_be_booked_and_joined_at_once_at_any_hour(string at)
    {
        await using var clinic = await TestClinic.CreateAsync(DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture));
        await SeedAsync(clinic);
        var clinician = (await PersonAsync(clinic, Amara)).Practitioner;
        var patient = (await PersonAsync(clinic, Margaret)).Patient;
        Assert.NotNull(clinician);
        Assert.NotNull(patient?.Actor.AsPatient);

        var id = await clinic.AskAsync<DemonstrationClinics, ScheduleId?>(clinics => clinics.StartClinicNowAsync(clinician.Actor, Cancel));
        var again = await clinic.AskAsync<DemonstrationClinics, ScheduleId?>(clinics => clinics.StartClinicNowAsync(clinician.Actor, Cancel));

        Assert.NotNull(id);
        Assert.Equal(id, again);
        var slot = await InPracticeAsync(clinic, patient.Actor, db => db.Slots.AsNoTracking().Where(row => row.ScheduleId == id && row.Start >= clinic.Now && row.Status == SlotStatus.Free).OrderBy(row => row.Start).FirstAsync(Cancel));
        var offered = await clinic.AskAsync<AvailabilityService, IReadOnlyList<AvailableSlot>>(slots => slots.SlotsAsync(patient.Actor, slot.ServiceId, patient.Actor.AsPatient, slot.Day, Cancel));
        Assert.Contains(offered, row => row.Id == slot.Id);
        var booked = Assert.IsType<BookOutcome.Booked>(await clinic.AskAsync<BookingService, BookOutcome>(booking =>
            booking.BookAsync(patient.Actor, new BookingRequest(slot.Id, new PatientId(patient.Actor.PersonId), DeliveryChannel.Video), Cancel)));
        Assert.IsType<JoinOutcome.Ok>(await clinic.AskAsync<ConsultationService, JoinOutcome>(service => service.JoinAsync(patient.Actor, booked.Appointment, Cancel)));
        Assert.IsType<OpenOutcome.Ok>(await clinic.AskAsync<ConsultationService, OpenOutcome>(service => service.OpenAsync(clinician.Actor, booked.Appointment, Cancel)));
        Assert.Contains(await clinic.AskAsync<ClinicService, IReadOnlyList<ClinicSummary>>(clinics => clinics.ClinicsOfDayAsync(clinician.Actor, null, Cancel)), summary => summary.Id == id);
    }

    [Fact]
    public async Task A_clinic_now_runs_three_hours_and_leaves_the_clinician_in_one_place()
    {
        // 12:40 in London: the morning session is over, the afternoon's begins at 13:30.
        await using var clinic = await TestClinic.CreateAsync(new DateTimeOffset(2026, 6, 9, 11, 42, 0, TimeSpan.Zero));
        await SeedAsync(clinic);
        var clinician = (await PersonAsync(clinic, Amara)).Practitioner?.Actor;
        Assert.NotNull(clinician?.AsPractitioner);

        var id = await clinic.AskAsync<DemonstrationClinics, ScheduleId?>(clinics => clinics.StartClinicNowAsync(clinician, Cancel));

        var session = await InPracticeAsync(clinic, clinician, db => db.Schedules.SingleAsync(row => row.Id == id, Cancel));
        Assert.Equal(("12:40", TimeSpan.FromHours(3)), ($"{session.Start.AddHours(1):HH:mm}", session.End - session.Start));
        var slots = await InPracticeAsync(clinic, clinician, db => db.Slots.AsNoTracking()
            .Where(row => row.PractitionerId == clinician.AsPractitioner && row.Start < session.End && row.End > session.Start).ToListAsync(Cancel));
        Assert.Equal(clinic.Now.AddMinutes(3), slots.Where(slot => slot.ScheduleId == id).Min(slot => slot.Start));
        var usable = slots.Where(slot => slot.Status != SlotStatus.BusyUnavailable).OrderBy(slot => slot.Start).ToList();
        Assert.All(usable.Zip(usable.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start));
        Assert.Contains(usable, slot => slot.ScheduleId != id && slot.Status == SlotStatus.Busy);
        Assert.Contains(slots, slot => slot.ScheduleId != id && slot.Status == SlotStatus.BusyUnavailable);
    }

    [Fact]
    public async Task A_running_clinic_with_a_slot_soon_is_the_clinic_now()
    {
        await using var clinic = await TestClinic.CreateAsync(new DateTimeOffset(2026, 6, 9, 8, 20, 0, TimeSpan.Zero));
        await SeedAsync(clinic);
        var clinician = (await PersonAsync(clinic, Amara)).Practitioner?.Actor;
        Assert.NotNull(clinician);

        var id = await clinic.AskAsync<DemonstrationClinics, ScheduleId?>(clinics => clinics.StartClinicNowAsync(clinician, Cancel));

        Assert.Equal(new DateTimeOffset(2026, 6, 9, 8, 0, 0, TimeSpan.Zero), (await InPracticeAsync(clinic, clinician, db => db.Schedules.SingleAsync(row => row.Id == id, Cancel))).Start);
    }

    [Fact]
    public async Task A_broken_file_of_people_is_a_clear_error_and_nothing_is_kept()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{"practice":{"name":"X","timeZone":"Europe/London"},"people":[{"subject":"s","role":"wizard","givenName":"A","familyName":"B"}]}""", Cancel);
        var role = await Assert.ThrowsAsync<InvalidDataException>(() => SeedAsync(clinic, file));
        await File.WriteAllTextAsync(file, "not json", Cancel);
        var json = await Assert.ThrowsAsync<InvalidDataException>(() => SeedAsync(clinic, file));
        File.Delete(file);

        Assert.Contains("wizard", role.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", json.Message, StringComparison.Ordinal);
        Assert.Single(await clinic.AskAsync<PeopleService, IReadOnlyList<PracticeView>>(people => people.PracticesAsync(Cancel)));
    }

    private static Task<bool> SeedAsync(TestClinic clinic, string? file = null) => clinic.AskAsync<DemonstrationSeeder, bool>(async seeder =>
    {
        await seeder.SeedAsync(file ?? PeopleFile(), Cancel);
        return true;
    });

    private static string PeopleFile([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here) ?? ".", "..", "..", "infra", "demonstration", "people.json"));

    private static Task<SignedInPerson> PersonAsync(TestClinic clinic, string subject) =>
        clinic.AskAsync<PeopleService, SignedInPerson>(people => people.FindBySubjectAsync(subject, Cancel));

    private static async Task<Actor> StaffAsync(TestClinic clinic) =>
        (await PersonAsync(clinic, Helen)).Staff?.Actor ?? throw new InvalidOperationException("The demonstration has no Helen.");

    private static Task<T> InPracticeAsync<T>(TestClinic clinic, Actor actor, Func<ClinicalDbContext, Task<T>> query) => clinic.AskAsync<ClinicalDbContext, T>(db =>
    {
        db.ActFor(actor);
        return query(db);
    });

    private static Task<(int People, int Schedules, int Slots, int Appointments, int Audits)> CountsAsync(TestClinic clinic, Actor actor) => InPracticeAsync(clinic, actor, async db =>
        (await db.Patients.CountAsync(Cancel) + await db.Practitioners.CountAsync(Cancel) + await db.StaffMembers.CountAsync(Cancel),
            await db.Schedules.CountAsync(Cancel), await db.Slots.CountAsync(Cancel), await db.Appointments.CountAsync(Cancel), await db.AuditEvents.CountAsync(Cancel)));
}
