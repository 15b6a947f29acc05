using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Reports;

/// <summary>What a line of the report is about.</summary>
public enum ReportBy
{
    Week,
    Clinician,
    Service,

    /// <summary>One session of one clinician.</summary>
    Clinic,
}

/// <param name="From">The first local day.</param>
/// <param name="To">The last local day.</param>
/// <param name="Clinician">Null for all.</param>
/// <param name="Service">Null for all.</param>
public sealed record ReportQuestion(DateOnly From, DateOnly To, ReportBy By, PractitionerId? Clinician = null, HealthcareServiceId? Service = null)
{
    /// <summary>A season: more is asked for in pieces.</summary>
    public const int LongestDays = 92;

    public bool IsWithinBounds => Enum.IsDefined(By) && From <= To && To.DayNumber - From.DayNumber < LongestDays;
}

/// <summary>The middle and the slowest tenth of some times; null where nothing was measured.</summary>
public sealed record Spread(TimeSpan? Median, TimeSpan? Ninetieth)
{
    /// <summary>By nearest rank: each figure is one that was measured.</summary>
    public static Spread Of(IEnumerable<TimeSpan> times)
    {
        var sorted = times.Order().ToList();
        return sorted.Count == 0 ? new Spread(null, null) : new Spread(At(0.5), At(0.9));

        TimeSpan At(double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count) - 1)];
    }
}

/// <summary>One line. It names no patient.</summary>
/// <param name="Week">The Monday; null unless by week.</param>
/// <param name="ClinicStart">With the practice's offset; null unless by clinic.</param>
/// <param name="Waiting">From the booked start, or from when the patient came if that was later, until they were let in.</param>
/// <param name="Duration">From when the patient was let in until the end.</param>
public sealed record ReportLine(
    DateOnly? Week,
    DateTimeOffset? ClinicStart,
    string? Clinician,
    string? Service,
    int Appointments,
    int Held,
    int DidNotAttend,
    int WasNotBrought,
    int Cancelled,
    int ClinicianDidNotCome,
    int TechnicalFailure,
    int LeftBeforeSeen,
    Spread Waiting,
    Spread Duration);

/// <param name="Total">All lines together.</param>
public sealed record Report(ReportLine Total, IReadOnlyList<ReportLine> Lines);

/// <summary>How the practice's appointments went: for practice staff and administrators.</summary>
public sealed class ConsultationReports(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>Lines in order of time or name; those without appointments are left out.</summary>
    public async Task<Report> AskAsync(Actor staff, ReportQuestion question, CancellationToken cancellationToken)
    {
        if (!staff.IsStaff)
            throw new NotAllowedException("Only practice staff read reports.");
        if (!question.IsWithinBounds)
            throw new ArgumentException("The days are in the wrong order, or too many.", nameof(question));
        db.ActFor(staff);
        var time = await db.TimeOfAsync(staff, cancellationToken);
        var rows = await RowsAsync(question, time, cancellationToken);
        var clinicians = await db.Practitioners.AsNoTracking().ToDictionaryAsync(row => row.Id, row => row.DisplayName, cancellationToken);
        var services = await db.Services.AsNoTracking().Select(row => new { row.Id, row.Name }).ToDictionaryAsync(row => row.Id, row => row.Name, cancellationToken);
        var lines = question.By switch
        {
            ReportBy.Week => rows.GroupBy(row => MondayOf(time.DayOf(row.Start))).OrderBy(week => week.Key).Select(week => LineOf([.. week]) with { Week = week.Key }),
            ReportBy.Clinician => rows.GroupBy(row => row.Clinician).Select(one => LineOf([.. one]) with { Clinician = clinicians[one.Key] }).OrderBy(line => line.Clinician, StringComparer.CurrentCulture),
            ReportBy.Service => rows.GroupBy(row => row.Service).Select(one => LineOf([.. one]) with { Service = services[one.Key] }).OrderBy(line => line.Service, StringComparer.CurrentCulture),
            _ => rows.GroupBy(row => row.Clinic).Select(one => LineOf([.. one]) with
            {
                ClinicStart = time.ToLocal(one.Min(row => row.Start)),
                Clinician = clinicians[one.First().Clinician],
                Service = services[one.First().Service],
            }).OrderBy(line => line.ClinicStart).ThenBy(line => line.Clinician, StringComparer.CurrentCulture),
        };
        return new Report(LineOf(rows), [.. lines]);
    }

    private async Task<List<Row>> RowsAsync(ReportQuestion question, PracticeTime time, CancellationToken cancellationToken)
    {
        var (from, to) = (time.BoundsOf(question.From).Start, time.BoundsOf(question.To).End);
        // What is still to come says nothing yet.
        var now = clock.GetUtcNow();
        var asked = db.Appointments.AsNoTracking().Where(row => row.Start >= from && row.Start < to && row.Start <= now && row.Status != AppointmentStatus.EnteredInError);
        if (question.Clinician is { } clinician)
            asked = asked.Where(row => row.PractitionerId == clinician);
        if (question.Service is { } service)
            asked = asked.Where(row => row.ServiceId == service);
        return await (
            from appointment in asked
            join encounter in db.Encounters.Live() on appointment.Id equals encounter.AppointmentId into encounters
            from encounter in encounters.DefaultIfEmpty()
            select new Row(
                appointment.Start,
                appointment.PractitionerId,
                appointment.ServiceId,
                appointment.ScheduleId,
                appointment.Status,
                appointment.Absence,
                appointment.NotHeld,
                encounter == null ? null : encounter.ArrivedAt,
                encounter == null ? null : encounter.Start,
                encounter == null ? null : encounter.End)).ToListAsync(cancellationToken);
    }

    private static ReportLine LineOf(IReadOnlyList<Row> rows) => new(
        null,
        null,
        null,
        null,
        rows.Count,
        rows.Count(row => row.Status == AppointmentStatus.Fulfilled),
        rows.Count(row => row is { Status: AppointmentStatus.NoShow, Absence: not Absence.WasNotBrought }),
        rows.Count(row => row is { Status: AppointmentStatus.NoShow, Absence: Absence.WasNotBrought }),
        rows.Count(row => row is { Status: AppointmentStatus.Cancelled, NotHeld: null }),
        rows.Count(row => row.NotHeld == NotHeld.ClinicianDidNotCome),
        rows.Count(row => row.NotHeld == NotHeld.TechnicalFailure),
        rows.Count(row => row.NotHeld == NotHeld.LeftBeforeSeen),
        Spread.Of(rows.Select(row => row.Waited).OfType<TimeSpan>()),
        Spread.Of(rows.Select(row => row.Lasted).OfType<TimeSpan>()));

    private static DateOnly MondayOf(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));

    private sealed record Row(
        DateTimeOffset Start,
        PractitionerId Clinician,
        HealthcareServiceId Service,
        ScheduleId Clinic,
        AppointmentStatus Status,
        Absence? Absence,
        NotHeld? NotHeld,
        DateTimeOffset? ArrivedAt,
        DateTimeOffset? AdmittedAt,
        DateTimeOffset? EndedAt)
    {
        public TimeSpan? Waited => AdmittedAt is not { } admitted || ArrivedAt is not { } arrived ? null
            : admitted - (arrived > Start ? arrived : Start) is { Ticks: > 0 } waited ? waited : TimeSpan.Zero;

        public TimeSpan? Lasted => EndedAt - AdmittedAt;
    }
}
