using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Data;

namespace Telemedicine.Clinical.Consultations;

internal static class EncounterQueries
{
    /// <summary>The encounter that counts: cancelled ones and mistakes apart, there is at most one.</summary>
    public static IQueryable<Encounter> Live(this IQueryable<Encounter> encounters) =>
        encounters.Where(row => row.Status != EncounterStatus.Cancelled && row.Status != EncounterStatus.EnteredInError);

    /// <summary>With its history and participants, to be changed.</summary>
    public static Task<Encounter?> LiveEncounterAsync(this ClinicalDbContext db, AppointmentId appointment, CancellationToken cancellationToken) =>
        db.Encounters.Live()
            .Include(row => row.History.OrderBy(change => change.Sequence))
            .Include(row => row.Participants.OrderBy(participant => participant.Start))
            .AsSplitQuery()
            .SingleOrDefaultAsync(row => row.AppointmentId == appointment, cancellationToken);
}
