using System.Linq.Expressions;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Telemedicine.Clinical.Afterwards;
using Telemedicine.Clinical.Arrivals;
using Telemedicine.Clinical.Audit;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.DeviceChecks;
using Telemedicine.Clinical.Files;
using Telemedicine.Clinical.Guests;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Queue;
using Telemedicine.Clinical.Rescue;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Clinical.WaitingList;

namespace Telemedicine.Clinical.Data;

/// <summary>
/// Every clinical and booking fact. A query sees only the practice of the actor that <see cref="ActFor"/> names, and nothing before that;
/// a clinical fact is saved only within <see cref="WriteAsync{T}"/>, with its AuditEvents.
/// </summary>
/// <remarks>One model, two providers: <see cref="SqliteClinicalDbContext"/> and <see cref="SqlServerClinicalDbContext"/> add nothing but their migrations.</remarks>
public abstract class ClinicalDbContext(DbContextOptions options, TimeProvider clock) : DbContext(options), IDataProtectionKeyContext
{
    private const int MaxAttempts = 5;

    private PracticeId _practice;
    private AuditedWork? _work;

    public DbSet<Practice> Practices => Set<Practice>();

    public DbSet<Practitioner> Practitioners => Set<Practitioner>();

    public DbSet<StaffMember> StaffMembers => Set<StaffMember>();

    public DbSet<Patient> Patients => Set<Patient>();

    public DbSet<PatientGram> PatientGrams => Set<PatientGram>();

    public DbSet<HealthcareService> Services => Set<HealthcareService>();

    public DbSet<ServiceQuestion> ServiceQuestions => Set<ServiceQuestion>();

    public DbSet<ClinicTemplate> ClinicTemplates => Set<ClinicTemplate>();

    public DbSet<ClinicException> ClinicExceptions => Set<ClinicException>();

    public DbSet<TimeOff> TimeOff => Set<TimeOff>();

    public DbSet<Schedule> Schedules => Set<Schedule>();

    public DbSet<Slot> Slots => Set<Slot>();

    public DbSet<Appointment> Appointments => Set<Appointment>();

    public DbSet<AppointmentChange> AppointmentChanges => Set<AppointmentChange>();

    public DbSet<AppointmentAnswer> AppointmentAnswers => Set<AppointmentAnswer>();

    public DbSet<Encounter> Encounters => Set<Encounter>();

    public DbSet<EncounterNote> EncounterNotes => Set<EncounterNote>();

    public DbSet<KeptMessage> KeptMessages => Set<KeptMessage>();

    public DbSet<SharedFile> SharedFiles => Set<SharedFile>();

    public DbSet<SharedFileContent> SharedFileContents => Set<SharedFileContent>();

    public DbSet<NoteAmendment> NoteAmendments => Set<NoteAmendment>();

    public DbSet<PatientLetter> PatientLetters => Set<PatientLetter>();

    public DbSet<StaffTask> StaffTasks => Set<StaffTask>();

    public DbSet<SurveyAnswer> SurveyAnswers => Set<SurveyAnswer>();

    public DbSet<Communication> Communications => Set<Communication>();

    public DbSet<HelpRequest> HelpRequests => Set<HelpRequest>();

    public DbSet<Claim> Claims => Set<Claim>();

    public DbSet<ClinicSighting> ClinicSightings => Set<ClinicSighting>();

    public DbSet<AttendanceDispute> AttendanceDisputes => Set<AttendanceDispute>();

    public DbSet<WaitingListEntry> WaitingList => Set<WaitingListEntry>();

    public DbSet<WaitingListOffer> WaitingListOffers => Set<WaitingListOffer>();

    public DbSet<RelatedPerson> RelatedPersons => Set<RelatedPerson>();

    public DbSet<Arrival> Arrivals => Set<Arrival>();

    public DbSet<Guest> Guests => Set<Guest>();

    public DbSet<GuestLink> GuestLinks => Set<GuestLink>();

    public DbSet<AccessNeeds> AccessNeeds => Set<AccessNeeds>();

    public DbSet<Message> Messages => Set<Message>();

    public DbSet<ReminderChoice> ReminderChoices => Set<ReminderChoice>();

    public DbSet<ReceivedEvent> ReceivedEvents => Set<ReceivedEvent>();

    public DbSet<Handover> Handovers => Set<Handover>();

    public DbSet<CallQuality> CallQuality => Set<CallQuality>();

    public DbSet<CallSample> CallSamples => Set<CallSample>();

    public DbSet<RescueAcknowledgement> RescueAcknowledgements => Set<RescueAcknowledgement>();

    public DbSet<DeviceCheck> DeviceChecks => Set<DeviceCheck>();

    public DbSet<DeviceCheckFollowUp> DeviceCheckFollowUps => Set<DeviceCheckFollowUp>();

    public DbSet<AuditEvent> AuditEvents => Set<AuditEvent>();

    public DbSet<EndedSession> EndedSessions => Set<EndedSession>();

    public DbSet<HubSignIn> HubSignIns => Set<HubSignIn>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>Where writers of this process queue, if the provider wants them to.</summary>
    protected virtual SemaphoreSlim? WritersTurn => null;

    /// <summary>From here on queries see the practice of this actor.</summary>
    public void ActFor(Actor actor) => _practice = actor.Practice;

    /// <summary>The practice's clock and calendar.</summary>
    /// <exception cref="InvalidOperationException">There is no such practice.</exception>
    public async Task<PracticeTime> TimeOfAsync(Actor actor, CancellationToken cancellationToken) =>
        PracticeTime.For(await Practices.Where(practice => practice.Id == actor.Practice).Select(practice => practice.TimeZone).SingleAsync(cancellationToken));

    /// <summary>
    /// Runs <paramref name="work"/> in one transaction and saves what it changed, with an AuditEvent for each clinical fact. If another
    /// writer changed the same row meanwhile, it is run again from the start, so it must read what it decides on.
    /// </summary>
    /// <param name="action">What is done, such as appointment.book.</param>
    /// <exception cref="NotAllowedException">A carer's rights are over.</exception>
    /// <exception cref="DbUpdateException">The database refused, for example a second sale; nothing was saved.</exception>
    public async Task<T> WriteAsync<T>(Actor actor, string action, string? reason, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        var turn = WritersTurn;
        if (turn is not null)
            await turn.WaitAsync(cancellationToken);
        try
        {
            return await Database.CreateExecutionStrategy().ExecuteAsync(() => WriteInTransactionAsync(new AuditedWork(actor, action, reason), work, cancellationToken));
        }
        finally
        {
            turn?.Release();
        }
    }

    /// <summary>For what a conditional statement changed past the change tracker: its AuditEvent, saved with the rest of the work.</summary>
    internal void Audit(string entity, Guid id, string? after, string? before = null) =>
        AuditEvents.Add(Work().Event(entity, id, clock.GetUtcNow(), before, after));

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        BeforeSave();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        BeforeSave();
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcInstantConverter>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(32);
        configurationBuilder.Properties<PracticeId>().HaveConversion<EntityIdConverter<PracticeId>>();
        configurationBuilder.Properties<PractitionerId>().HaveConversion<EntityIdConverter<PractitionerId>>();
        configurationBuilder.Properties<StaffMemberId>().HaveConversion<EntityIdConverter<StaffMemberId>>();
        configurationBuilder.Properties<PatientId>().HaveConversion<EntityIdConverter<PatientId>>();
        configurationBuilder.Properties<HealthcareServiceId>().HaveConversion<EntityIdConverter<HealthcareServiceId>>();
        configurationBuilder.Properties<ScheduleId>().HaveConversion<EntityIdConverter<ScheduleId>>();
        configurationBuilder.Properties<SlotId>().HaveConversion<EntityIdConverter<SlotId>>();
        configurationBuilder.Properties<AppointmentId>().HaveConversion<EntityIdConverter<AppointmentId>>();
        configurationBuilder.Properties<EncounterId>().HaveConversion<EntityIdConverter<EncounterId>>();
        configurationBuilder.Properties<AttendanceDisputeId>().HaveConversion<EntityIdConverter<AttendanceDisputeId>>();
        configurationBuilder.Properties<SeriesId>().HaveConversion<EntityIdConverter<SeriesId>>();
        configurationBuilder.Properties<WaitingListEntryId>().HaveConversion<EntityIdConverter<WaitingListEntryId>>();
        configurationBuilder.Properties<WaitingListOfferId>().HaveConversion<EntityIdConverter<WaitingListOfferId>>();
        configurationBuilder.Properties<RelatedPersonId>().HaveConversion<EntityIdConverter<RelatedPersonId>>();
        configurationBuilder.Properties<GuestId>().HaveConversion<EntityIdConverter<GuestId>>();
        configurationBuilder.Properties<ServiceQuestionId>().HaveConversion<EntityIdConverter<ServiceQuestionId>>();
        configurationBuilder.Properties<ClinicTemplateId>().HaveConversion<EntityIdConverter<ClinicTemplateId>>();
        configurationBuilder.Properties<TimeOffId>().HaveConversion<EntityIdConverter<TimeOffId>>();
        configurationBuilder.Properties<DeviceCheckId>().HaveConversion<EntityIdConverter<DeviceCheckId>>();
        configurationBuilder.Properties<DeviceCheckFollowUpId>().HaveConversion<EntityIdConverter<DeviceCheckFollowUpId>>();
        configurationBuilder.Properties<SharedFileId>().HaveConversion<EntityIdConverter<SharedFileId>>();
        configurationBuilder.Properties<StaffTaskId>().HaveConversion<EntityIdConverter<StaffTaskId>>();
        configurationBuilder.Properties<MessageId>().HaveConversion<EntityIdConverter<MessageId>>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(ClinicalDbContext).Assembly);
        foreach (var entity in modelBuilder.Model.GetEntityTypes().Where(entity => !entity.HasSharedClrType))
        {
            if (entity.ClrType.IsAssignableTo(typeof(IVersioned)))
                modelBuilder.Entity(entity.ClrType).Property(nameof(IVersioned.Version)).IsConcurrencyToken();
            if (entity.ClrType.IsAssignableTo(typeof(IAudited)))
                modelBuilder.Entity(entity.ClrType).Ignore(nameof(IAudited.AuditId));
            if (entity.ClrType.IsAssignableTo(typeof(IPracticeOwned)))
                modelBuilder.Entity(entity.ClrType).HasQueryFilter(PracticeFilter.Name, OwnPractice(entity.ClrType));
            foreach (var key in entity.GetKeys().SelectMany(key => key.Properties).Where(property => property.ClrType.Name.EndsWith("Id", StringComparison.Ordinal)))
                key.ValueGenerated = ValueGenerated.Never;
        }
    }

    private async Task<T> WriteInTransactionAsync<T>(AuditedWork audited, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            ChangeTracker.Clear();
            ActFor(audited.Actor);
            _work = audited;
            try
            {
                // On SQLite this is BEGIN IMMEDIATE: writers queue here, before they read what they decide on.
                await using var transaction = await Database.BeginTransactionAsync(cancellationToken);
                await RequireGrantAsync(audited.Actor, cancellationToken);
                var outcome = await work();
                await SaveChangesAsync(CancellationToken.None);
                await transaction.CommitAsync(CancellationToken.None);
                return outcome;
            }
            catch (DbUpdateConcurrencyException) when (attempt < MaxAttempts)
            {
                // Somebody else wrote first: look again.
            }
            finally
            {
                _work = null;
            }
        }
    }

    /// <summary>A carer's rights may have been withdrawn since they were read: nothing is written with rights that are over.</summary>
    private async Task RequireGrantAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (actor is not { AsCarer: { } carer, Rights: not CarerRights.None })
            return;
        var grant = await RelatedPersons.AsNoTracking().SingleOrDefaultAsync(row => row.Id == carer, cancellationToken);
        if (grant?.IsActiveAt(clock.GetUtcNow()) is not true || grant.PatientId != actor.ActsFor || (grant.Rights & actor.Rights) != actor.Rights)
            throw new NotAllowedException("What the carer was granted is over.");
    }

    private void BeforeSave()
    {
        ChangeTracker.DetectChanges();
        if (ChangeTracker.Entries<IAudited>().Any(entry => entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted))
            AuditEvents.AddRange(Work().EventsFor(ChangeTracker, clock.GetUtcNow()));
        foreach (var entry in ChangeTracker.Entries<IVersioned>().Where(entry => entry.State is EntityState.Added or EntityState.Modified))
        {
            var version = entry.Property(versioned => versioned.Version);
            version.CurrentValue = entry.State == EntityState.Added ? 1 : version.OriginalValue + 1;
        }

        AppointmentChanges.AddRange(ChangeTracker.Entries<Appointment>().Where(IsChangeOfCourse).Select(entry => Work().ChangeOf(entry.Entity, clock.GetUtcNow())).ToList());
    }

    /// <summary>What the patient must know of: whether, when and how the appointment is held.</summary>
    private static bool IsChangeOfCourse(EntityEntry<Appointment> entry) =>
        entry.State == EntityState.Added
        || (entry.State == EntityState.Modified
            && (entry.Property(row => row.Status).IsModified || entry.Property(row => row.SlotId).IsModified || entry.Property(row => row.Channel).IsModified));

    private AuditedWork Work() => _work ?? throw new InvalidOperationException("A clinical fact is written within WriteAsync only, so that it is known who changed it and why.");

    private LambdaExpression OwnPractice(Type entity)
    {
        var row = Expression.Parameter(entity, "row");
        var mine = Expression.Field(Expression.Constant(this, typeof(ClinicalDbContext)), nameof(_practice));
        return Expression.Lambda(Expression.Equal(Expression.Property(row, nameof(IPracticeOwned.PracticeId)), mine), row);
    }
}

/// <summary>Names the query filter that keeps practices apart, for the few system jobs that look across them.</summary>
internal static class PracticeFilter
{
    public const string Name = "Practice";
    public static readonly string[] Only = [Name];
}
