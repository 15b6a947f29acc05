using Telemedicine.Clinical;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>What is chosen for one appointment.</summary>
public sealed class CallOffRow
{
    public AppointmentId Appointment { get; set; }

    /// <summary>The id of the slot that it moves to; <see cref="Stay"/>; or nothing: it is cancelled, and the patient chooses another time.</summary>
    public string? To { get; set; }

    public const string Stay = "stay";

    public SlotId? Slot => SlotId.TryParse(To, null, out var slot) ? slot : null;

    /// <summary>It says neither a time, nor that it stays, nor nothing.</summary>
    public bool IsUnreadable => To is { Length: > 0 } and not Stay && Slot is null;
}
