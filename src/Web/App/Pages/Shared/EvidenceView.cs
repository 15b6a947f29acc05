using Telemedicine.Clinical.Consultations;

namespace Telemedicine.Web.Pages.Shared;

/// <summary>What is known of who was there, as a page shows it.</summary>
/// <param name="ForPatient">The patient is "you".</param>
public sealed record EvidenceView(AttendanceEvidence Evidence, bool ForPatient);
