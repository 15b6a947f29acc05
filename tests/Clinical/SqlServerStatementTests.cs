using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.SqlServer.TransactSql.ScriptDom;
using Telemedicine.Clinical.Afterwards;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Files;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Clinical.WaitingList;

namespace Telemedicine.Clinical.Tests;

/// <summary>
/// No SQL Server runs here, so these tests stop each statement on its way to one and read it: every query of the services translates, every statement parses as
/// T-SQL, and a sale names the states it may start from. The answers are empty except for the practice's zone.
/// </summary>
public sealed class SqlServerStatementTests
{
    private static readonly Actor Staff = new(PracticeId.New(), ActorRole.Staff, Guid.NewGuid());
    private static readonly Actor Patient = new(PracticeId.New(), ActorRole.Patient, Guid.NewGuid());
    private static readonly Actor Clinician = new(PracticeId.New(), ActorRole.Practitioner, Guid.NewGuid());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sale_a_hold_and_a_return_are_one_conditional_update_each()
    {
        var (slot, patient, now) = (SlotId.New(), PatientId.New(), TestClinic.Morning);

        var sale = Assert.Single(await StatementsAsync(db => db.Slots.SellAsync(slot, patient, now)));
        var hold = Assert.Single(await StatementsAsync(db => db.Slots.HoldAsync(slot, patient, now, now + Slot.HoldTime)));
        var back = Assert.Single(await StatementsAsync(db => db.Slots.ReturnAsync(slot)));
        var released = Assert.Single(await StatementsAsync(db => db.ReleaseHoldsAsync(patient, slot)));

        Assert.StartsWith("UPDATE [s]", sale, StringComparison.Ordinal);
        Assert.Contains("[s].[Status] = N'Free' OR ([s].[Status] = N'BusyTentative' AND ([s].[HeldUntil] <= @", sale, StringComparison.Ordinal);
        Assert.Contains("[s].[PracticeId] = @", sale, StringComparison.Ordinal);
        Assert.Contains("[s].[Status] = N'Free' OR ([s].[Status] = N'BusyTentative' AND [s].[HeldUntil] <= @", hold, StringComparison.Ordinal);
        Assert.Contains("AND [s].[Status] = N'Busy'", back, StringComparison.Ordinal);
        Assert.Contains("[s].[Status] = N'BusyTentative'", released, StringComparison.Ordinal);
        Assert.Contains("[w].[Status] = N'Open'", released, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_is_claimed_by_one_conditional_update()
    {
        var claim = Assert.Single(await StatementsAsync(db => db.Messages.ClaimAsync(MessageId.New(), Guid.NewGuid(), TestClinic.Morning)));

        Assert.StartsWith("UPDATE [m]", claim, StringComparison.Ordinal);
        Assert.Contains("[m].[DueAt] <= @", claim, StringComparison.Ordinal);
        Assert.Contains("[m].[Status] IN (N'Waiting', N'Sending')", claim, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_query_translates()
    {
        var (slot, patient, appointment, schedule, service) = (SlotId.New(), PatientId.New(), AppointmentId.New(), ScheduleId.New(), HealthcareServiceId.New());
        var day = new DateOnly(2026, 6, 9);

        var statements = await StatementsAsync(async db =>
        {
            var clock = TimeProvider.System;
            await new PeopleService(db).FindBySubjectAsync("subject", Cancel);
            await new PeopleService(db).PracticesAsync(Cancel);
            await new PatientService(db, clock).FoundAsync("Wójcik 900105", Cancel);
            await new PatientService(db, clock).FoundAsync("5/7/1996", Cancel);
            await new PatientService(db, clock).FindAsync(Staff, patient, Cancel);
            var availability = new AvailabilityService(db, clock);
            await availability.ServicesAsync(Patient, null, Cancel);
            await availability.DaysAsync(Patient, service, patient, day, 28, Cancel);
            await availability.DaysOf(service, patient, appointment, TestClinic.Morning, day, day.AddDays(28), TestClinic.Morning).ToListAsync(Cancel);
            await availability.ViewsAsync(db.Slots.Where(SlotBook.IsOpenTo(patient, TestClinic.Morning)), patient, TestClinic.Morning, PracticeTime.For("Europe/London"), Cancel);
            await availability.SlotsAsync(Patient, service, patient, day, Cancel);
            await availability.FindSlotAsync(Patient, slot, patient, Cancel);
            await availability.HeldAsync(Staff, patient, Cancel);
            await new WaitingLists(db, clock).OfPatientAsync(Staff, patient, Cancel);
            await new WaitingLists(db, clock).FindOfferAsync(Staff, WaitingListOfferId.New(), Cancel);
            await new WaitingLists(db, clock).PassOnAsync(Cancel);
            await new AccessNeedsService(db, clock).FindAsync(Staff, patient, Cancel);
            await db.NextFor(new Slot { Id = slot, PracticeId = Staff.Practice, ScheduleId = schedule, ServiceId = service, PractitionerId = PractitionerId.New(), Day = day, Start = TestClinic.Morning, End = TestClinic.Morning.AddMinutes(15) }).FirstOrDefaultAsync(Cancel);
            await new ClinicService(db, clock).ClinicsOfDayAsync(Staff, day, Cancel);
            await new ClinicService(db, clock).BoardAsync(Clinician, schedule, Cancel);
            var diary = new DiaryService(db, clock);
            await diary.DayAsync(Staff, day, new DiaryFilter(service, PractitionerId.New(), DeliveryChannel.Video), Cancel);
            await diary.NextFreeAsync(Staff, new DiaryFilter(service), day, 10, Cancel);
            await diary.ChoicesAsync(Staff, Cancel);
            await new ServiceAdministration(db, clock).ListAsync(Staff with { Role = ActorRole.Administrator }, Cancel);
            await new CallOffPlanner(db, clock).PlanAsync(Staff, schedule, Cancel);
            await db.Slots.Where(row => row.ScheduleId == schedule).CloseAsync("Ill", TestClinic.Morning);
            await db.Slots.ReopenAsync("Ill", TestClinic.Morning);
            await db.BookedAsync(db.Slots.Where(row => row.Day == day), PracticeTime.For("Europe/London"), TestClinic.Morning, Cancel);
            await new ClinicTemplates(db, clock).ListAsync(Staff, Cancel);
            await new ClinicTemplates(db, clock).FindAsync(Staff, ClinicTemplateId.New(), Cancel);
            await db.QuestionsOfAsync(service, Cancel);
            await db.AnswersOfAsync(appointment, Cancel);
            await new ClinicianAdministration(db, clock).ListAsync(Staff with { Role = ActorRole.Administrator }, Cancel);
            await db.Slots.BlockAsync(schedule, TestClinic.Morning, "Lunch", TestClinic.Morning);
            await db.Slots.UnblockAsync(schedule, TestClinic.Morning);
            await new AppointmentQueries(db, clock).OfPatientAsync(Patient, new PatientId(Patient.PersonId), Cancel);
            await new AppointmentQueries(db, clock).FindAsync(Clinician, appointment, Cancel);
            await new ConsultationService(db, clock).OpenAsync(Clinician, appointment, Cancel);
            await new ConsultationService(db, clock).WatchAsync(Staff, schedule, Cancel);
            await new ConsultationService(db, clock).ResultAsync(Patient, appointment, Cancel);
            await new ConsultationNotes(db, clock).HistoryAsync(Clinician, appointment, Cancel);
            await new PatientLetters(db, clock).OpenAsync(Clinician, appointment, Cancel);
            await new PatientLetters(db, clock).ReadAsync(Patient, appointment, Cancel);
            await new StaffTasks(db, clock).ListAsync(Staff, Cancel);
            await new StaffTasks(db, clock).OfAsync(Clinician, appointment, Cancel);
            await new Surveys(db, clock).StateAsync(Patient, appointment, Cancel);
            await new Surveys(db, clock).ResultsAsync(Staff, day, day, PractitionerId.New(), service, Cancel);
            await db.LiveEncounterAsync(appointment, Cancel);
            await new KeptChat(db).OfAsync(Patient, appointment, Cancel);
            await new SharedFiles(db, clock).ListAsync(Clinician, appointment, Cancel);
            await new SharedFiles(db, clock).DeleteOldAsync(Cancel);
            await new MessageQueue(db, clock).DueAsync(50, Cancel);
            await new MessageQueries(db, clock).FailuresAsync(Staff, Cancel);
            await new MessageQueries(db, clock).SentAsync(Patient, Cancel);
            await new MessageQueries(db, clock).TopicAsync(Staff, appointment, null, Cancel);
            await new Reminders(db, clock).QueueDueAsync(null, Cancel);
            await db.TimelineAsync(appointment, Cancel);
            await new CallQualities(db, clock).OfAsync(Staff, appointment, Cancel);
            await new CallQualities(db, clock).DeleteOldAsync(Cancel);
            var carers = new CarerService(db, clock);
            await carers.OfPatientAsync(Staff, patient, Cancel);
            await carers.ActsAsync(Staff, patient, Cancel);
            await carers.OfSubjectAsync("someone", Cancel);
            await carers.FindAsync("someone", RelatedPersonId.New(), Cancel);
            await carers.FindInvitationAsync("code", "someone", "someone@example.com", Cancel);
            foreach (var rights in new[] { CarerRights.SeeAppointments, CarerRights.ChangeAppointments, CarerRights.JoinConsultations })
                await new AppointmentQueries(db, clock).OfPatientAsync(new Actor(Staff.Practice, ActorRole.Carer, Guid.NewGuid()) { ActsFor = patient, Rights = rights }, patient, Cancel);
            await new WaitingListDesk(db, clock).ListAsync(Staff, Cancel);
            await new WaitingListDesk(db, clock).FreeSlotsAsync(Staff, WaitingListEntryId.New(), Cancel);
            return true;
        });

        Assert.True(statements.Count >= 30, $"{statements.Count} statements");
    }

    private static async Task<IReadOnlyList<string>> StatementsAsync<T>(Func<ClinicalDbContext, Task<T>> work)
    {
        var wire = new Wire();
        await using var db = new SqlServerClinicalDbContext(
            new DbContextOptionsBuilder<SqlServerClinicalDbContext>().UseSqlServer("Server=unused").AddInterceptors(wire, new NoConnection()).Options, TimeProvider.System);
        db.ActFor(Staff);
        await work(db);
        foreach (var statement in wire.Statements)
        {
            new TSql150Parser(initialQuotedIdentifiers: true).Parse(new StringReader(statement), out var errors);
            Assert.True(errors.Count == 0, statement);
        }

        return wire.Statements;
    }

    private sealed class Wire : DbCommandInterceptor
    {
        public List<string> Statements { get; } = [];

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Statements.Add(command.CommandText);
            var answer = new DataTable();
            if (command.CommandText.StartsWith("SELECT TOP(2) [p].[TimeZone]", StringComparison.Ordinal))
            {
                answer.Columns.Add("TimeZone", typeof(string));
                answer.Rows.Add("Europe/London");
            }
            else
            {
                // No rows, but as many columns as any query here asks for.
                for (var column = 0; column < 60; column++)
                    answer.Columns.Add();
            }

            return ValueTask.FromResult(InterceptionResult<DbDataReader>.SuppressWithResult(answer.CreateDataReader()));
        }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            Statements.Add(command.CommandText);
            return ValueTask.FromResult(InterceptionResult<int>.SuppressWithResult(1));
        }
    }

    private sealed class NoConnection : DbConnectionInterceptor
    {
        public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
            DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(InterceptionResult.Suppress());
    }
}
