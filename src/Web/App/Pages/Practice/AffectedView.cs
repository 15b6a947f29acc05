using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>Appointments at times that go, or have gone, out of the diary.</summary>
/// <param name="IsDone">It has happened: each can be moved now. Otherwise the form says that all of them were seen.</param>
public sealed record AffectedView(IReadOnlyList<AffectedAppointment> Appointments, bool IsDone);
