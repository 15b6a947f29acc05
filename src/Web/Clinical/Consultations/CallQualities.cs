using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Guests;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Consultations;

/// <summary>Keeps how calls were, as the real-time service reports it, and sums it up for whoever may see the consultation.</summary>
public sealed class CallQualities(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>Rows of one consultation: many more pages than its people open. What goes beyond is not kept.</summary>
    public const int MaxRows = 200;

    /// <summary>How long figures are kept: long enough to look into a complaint and to see a season's trend. They say nothing of a person's health.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(90);

    /// <summary>Of two facts of one page at least so far apart a sample is kept: what is reported more often is no news.</summary>
    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(5);

    /// <summary>Takes reports in, each in its own transaction. One that fits no appointment, or is older than what is known, has no effect.</summary>
    public async Task ApplyAsync(IReadOnlyList<CallQualityFact> facts, CancellationToken cancellationToken)
    {
        foreach (var fact in facts)
            await ApplyAsync(fact, cancellationToken);
    }

    /// <summary>How the call was for each part, the patient first; nobody's before anything was reported.</summary>
    public async Task<IReadOnlyList<PersonCallQuality>> OfAsync(Actor actor, AppointmentId consultation, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        var visible = db.Appointments.VisibleTo(actor);
        var rows = await db.CallQuality.AsNoTracking().Where(row => row.ConsultationId == consultation && visible.Any(appointment => appointment.Id == row.ConsultationId))
            .ToListAsync(cancellationToken);
        return [.. rows.GroupBy(row => row.Role).OrderBy(person => person.Key).Select(person => SummaryOf(person.Key, [.. person]))];
    }

    /// <summary>Deletes, of all practices, what is older than <see cref="KeptFor"/>.</summary>
    /// <returns>How many rows that were.</returns>
    public async Task<int> DeleteOldAsync(CancellationToken cancellationToken)
    {
        var oldest = clock.GetUtcNow() - KeptFor;
        var past = clock.GetUtcNow() - CallSample.KeptFor;
        return await db.CallQuality.IgnoreQueryFilters(PracticeFilter.Only).Where(row => row.At < oldest).ExecuteDeleteAsync(cancellationToken)
            + await db.CallSamples.IgnoreQueryFilters(PracticeFilter.Only).Where(row => row.At < past).ExecuteDeleteAsync(cancellationToken);
    }

    private static PersonCallQuality SummaryOf(ConsultationRole role, List<CallQuality> rows)
    {
        var pictures = rows.Where(row => row is { Direction: TrackDirection.Received, Source: not TrackSource.Microphone }).ToList();
        var measured = rows.Where(row => row is { Direction: TrackDirection.Received, Figures.RoundTripMs: not null }).ToList();
        return new PersonCallQuality(
            role,
            Math.Max(SoundLost(rows, TrackDirection.Sent), SoundLost(rows, TrackDirection.Received)),
            TimeSpan.FromSeconds(pictures.Sum(row => row.Figures.PausedSeconds)),
            pictures.Sum(row => row.Figures.Freezes),
            measured.Count == 0 ? null : TimeSpan.FromMilliseconds(measured.Average(row => row.Figures.RoundTripMs ?? 0)));
    }

    private static double SoundLost(List<CallQuality> rows, TrackDirection direction)
    {
        var sound = rows.Where(row => row.Direction == direction && row.Source == TrackSource.Microphone).ToList();
        var lost = sound.Sum(row => row.Figures.PacketsLost);
        // What comes in is counted on arrival, what goes out when it goes.
        var due = sound.Sum(row => row.Figures.Packets) + (direction == TrackDirection.Sent ? lost : 0);
        return due == 0 ? 0 : Math.Min(1, (double)lost / due);
    }

    private async Task ApplyAsync(CallQualityFact fact, CancellationToken cancellationToken)
    {
        var practice = await db.Appointments.IgnoreQueryFilters(PracticeFilter.Only).Where(row => row.Id == fact.Consultation)
            .Select(row => row.PracticeId).FirstOrDefaultAsync(cancellationToken);
        try
        {
            await db.WriteAsync(Actor.System(practice), "signalling.quality", reason: null, async () =>
            {
                var appointment = await db.Appointments.SingleOrDefaultAsync(row => row.Id == fact.Consultation, cancellationToken);
                if (appointment is not null && await FitsAsync(fact, appointment, cancellationToken))
                    await KeepAsync(fact, practice, cancellationToken);
                return true;
            }, cancellationToken);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            // The first report of a page twice at the same time: the other one took it in, and the next one contains both.
        }
    }

    private async Task KeepAsync(CallQualityFact fact, PracticeId practice, CancellationToken cancellationToken)
    {
        var known = await db.CallQuality.Where(row => row.Session == fact.Session).ToListAsync(cancellationToken);
        if (known.Exists(row => row.ConsultationId != fact.Consultation || row.PersonId != fact.PersonId))
            return;
        if (fact.Recent is { } recent)
            await SampleAsync(fact, recent, practice, cancellationToken);
        var room = MaxRows - await db.CallQuality.CountAsync(row => row.ConsultationId == fact.Consultation, cancellationToken);
        foreach (var track in fact.Tracks)
        {
            if (known.Find(row => row.Direction == track.Direction && row.Source == track.Source) is { } row)
            {
                if (row.Number < fact.Number)
                    (row.Number, row.At, row.Figures) = (fact.Number, fact.At, track.Figures);
            }
            else if (room-- > 0)
            {
                db.CallQuality.Add(New(fact, practice, track));
            }
        }
    }

    /// <summary>For the graph of the last minutes; what is older goes.</summary>
    private async Task SampleAsync(CallQualityFact fact, LinkFigures recent, PracticeId practice, CancellationToken cancellationToken)
    {
        var (near, past) = (fact.At - SampleEvery, clock.GetUtcNow() - CallSample.KeptFor);
        if (await db.CallSamples.AnyAsync(row => row.Session == fact.Session && (row.Number >= fact.Number || row.At > near), cancellationToken))
            return;
        await db.CallSamples.Where(row => row.ConsultationId == fact.Consultation && row.At < past).ExecuteDeleteAsync(cancellationToken);
        db.CallSamples.Add(new CallSample
        {
            Session = fact.Session,
            Number = fact.Number,
            PracticeId = practice,
            ConsultationId = fact.Consultation,
            PersonId = fact.PersonId,
            At = fact.At,
            Loss = recent.Loss,
            RoundTripMs = recent.RoundTripMs,
        });
    }

    private static CallQuality New(CallQualityFact fact, PracticeId practice, TrackFact track) => new()
    {
        Session = fact.Session,
        Direction = track.Direction,
        Source = track.Source,
        PracticeId = practice,
        ConsultationId = fact.Consultation,
        PersonId = fact.PersonId,
        Role = fact.Role,
        Number = fact.Number,
        At = fact.At,
        Figures = track.Figures,
    };

    /// <summary>It must name the appointment's own clinic and one of its people in their own part.</summary>
    private async Task<bool> FitsAsync(CallQualityFact fact, Appointment appointment, CancellationToken cancellationToken) =>
        fact.Clinic == appointment.ScheduleId
        && fact.Role switch
        {
            ConsultationRole.Patient => fact.PersonId == appointment.PatientId.Value,
            ConsultationRole.Clinician => fact.PersonId == appointment.PractitionerId.Value,
            ConsultationRole.Guest => await db.IsGuestAsync(fact.PersonId, appointment.Id, cancellationToken),
            ConsultationRole.Carer => await db.IsCarerAsync(fact.PersonId, appointment.PatientId, cancellationToken),
            _ => false,
        };
}
