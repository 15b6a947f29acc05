using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Demonstration;

/// <summary>A clinic at any hour, so that a call can be tried at once. For demonstration mode only.</summary>
public sealed class DemonstrationClinics(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>
    /// Opens a clinic of three hours for this clinician, from the last full five minutes; its first slot starts at or after now. If one is on
    /// already with a slot that a patient can book and join at once, that one is the answer.
    /// </summary>
    public Task<ScheduleId> StartClinicNowAsync(Actor clinician, CancellationToken cancellationToken) => throw new NotImplementedException($"{db} {clock} {clinician} {cancellationToken}");
}
