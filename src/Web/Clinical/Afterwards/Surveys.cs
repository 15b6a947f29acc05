using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Afterwards;

public enum SurveyState
{
    /// <summary>It can be answered.</summary>
    Open,
    Answered,

    /// <summary>The appointment was not held by video, is not over, or is too long ago.</summary>
    Closed,
}

public enum SurveyOutcome
{
    Kept,

    /// <summary>This person answered before: the first answer stands.</summary>
    AnsweredBefore,
    Closed,
    NotFound,
}

/// <summary>How often each answer was given.</summary>
public sealed record SurveyResults(int Answers, IReadOnlyDictionary<Experience, int> Experience, IReadOnlyDictionary<CallWorked, int> Call);

/// <summary>Two questions to those on the patient's side after a video appointment. Staff see how often each answer was given, and not by whom.</summary>
public sealed class Surveys(ClinicalDbContext db, TimeProvider clock)
{
    public static readonly TimeSpan OpenFor = TimeSpan.FromDays(30);

    /// <summary>For the patient, or a carer who may join.</summary>
    public async Task<SurveyState> StateAsync(Actor actor, AppointmentId id, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        if (!IsOpen(await FindAsync(actor, id, cancellationToken)))
            return SurveyState.Closed;
        return await db.SurveyAnswers.AnyAsync(row => row.AppointmentId == id && row.PersonId == actor.PersonId, cancellationToken) ? SurveyState.Answered : SurveyState.Open;
    }

    public async Task<SurveyOutcome> AnswerAsync(Actor actor, AppointmentId id, Experience experience, CallWorked call, CancellationToken cancellationToken)
    {
        if (!Enum.IsDefined(experience) || !Enum.IsDefined(call))
            throw new ArgumentException("Not an answer.", nameof(experience));
        try
        {
            return await db.WriteAsync(actor, "survey.answer", reason: null, async () =>
            {
                if (await FindAsync(actor, id, cancellationToken) is not { } appointment)
                    return SurveyOutcome.NotFound;
                if (!IsOpen(appointment))
                    return SurveyOutcome.Closed;
                if (await db.SurveyAnswers.AnyAsync(row => row.AppointmentId == id && row.PersonId == actor.PersonId, cancellationToken))
                    return SurveyOutcome.AnsweredBefore;
                db.SurveyAnswers.Add(new SurveyAnswer
                {
                    Id = Guid.CreateVersion7(),
                    PracticeId = appointment.PracticeId,
                    AppointmentId = id,
                    PersonId = actor.PersonId,
                    Experience = experience,
                    Call = call,
                    AnsweredAt = clock.GetUtcNow(),
                });
                return SurveyOutcome.Kept;
            }, cancellationToken);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            return SurveyOutcome.AnsweredBefore;
        }
    }

    /// <summary>Of appointments that begin on these local days. For practice staff.</summary>
    /// <param name="clinician">Null for all.</param>
    /// <param name="service">Null for all.</param>
    public async Task<SurveyResults> ResultsAsync(Actor staff, DateOnly from, DateOnly to, PractitionerId? clinician, HealthcareServiceId? service, CancellationToken cancellationToken)
    {
        if (!staff.IsStaff)
            throw new NotAllowedException("Only practice staff read what was answered.");
        db.ActFor(staff);
        var time = await db.TimeOfAsync(staff, cancellationToken);
        var (start, end) = (time.BoundsOf(from).Start, time.BoundsOf(to).End);
        var answers = await (
            from answer in db.SurveyAnswers.AsNoTracking()
            join appointment in db.Appointments on answer.AppointmentId equals appointment.Id
            where appointment.Start >= start && appointment.Start < end && (clinician == null || appointment.PractitionerId == clinician) && (service == null || appointment.ServiceId == service)
            select new { answer.Experience, answer.Call }).ToListAsync(cancellationToken);
        return new SurveyResults(
            answers.Count,
            Enum.GetValues<Experience>().ToDictionary(value => value, value => answers.Count(answer => answer.Experience == value)),
            Enum.GetValues<CallWorked>().ToDictionary(value => value, value => answers.Count(answer => answer.Call == value)));
    }

    private async Task<Appointment?> FindAsync(Actor actor, AppointmentId id, CancellationToken cancellationToken)
    {
        var patient = actor.AsPatient ?? (actor.ActsFor is { } granted && actor.MayAsCarer(CarerRights.JoinConsultations, granted) ? granted : null);
        return patient is null ? null : await db.Appointments.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id && row.PatientId == patient, cancellationToken);
    }

    private bool IsOpen(Appointment? appointment) =>
        appointment is { Status: AppointmentStatus.Fulfilled, Room: not null } && clock.GetUtcNow() < appointment.Start + OpenFor;
}
