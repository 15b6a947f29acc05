using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>Confirms that an appointment moves to another time. The patient is told.</summary>
public sealed class MoveModel(AppointmentQueries appointments, DiaryService diary, BookingService booking, SignallingCommands signalling) : StaffPage
{
    private AppointmentView? _appointment;
    private DiarySlot? _slot;

    [FromRoute]
    public AppointmentId Id { get; set; }

    [FromRoute]
    public SlotId Slot { get; set; }

    [BindProperty]
    public DeliveryChannel? Channel { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public AppointmentView Appointment => _appointment ?? throw new InvalidOperationException("The page is shown with its appointment.");

    public DiarySlot To => _slot ?? throw new InvalidOperationException("The page is shown with its slot.");

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        if (Channel is not { } channel)
            return Wrong(nameof(Channel), "Select how the appointment is held");
        switch (await booking.MoveAsync(Actor, new MoveRequest(Id, Slot, channel, Reason), Cancelled))
        {
            case MoveOutcome.Moved moved:
                if (moved.OldRoom is { } room)
                    signalling.Cancel(new ClinicId(room.Clinic.Value), new ConsultationId(room.Consultation.Value));
                signalling.ClinicChanged(new ClinicId(moved.From.Value));
                signalling.ClinicChanged(new ClinicId(moved.To.Value));
                this.ShowNext("The appointment is moved. The patient is told.");
                return RedirectToPage("/Practice/Appointment", new { Id });
            case MoveOutcome.ReasonMissing:
                return Wrong(nameof(Reason), string.IsNullOrWhiteSpace(Reason) ? "Enter why the appointment is moved" : $"The reason must be {Clinical.Booking.Appointment.ReasonLength} characters or fewer");
            case MoveOutcome.ChannelNotOffered:
                return Wrong(nameof(Channel), "Select one of the ways below");
            case MoveOutcome.Overlaps overlaps:
                return Wrong(string.Empty, $"The patient has another appointment at {overlaps.Start.Clock()}. Choose another time");
            case MoveOutcome.TooLate:
                return Wrong(string.Empty, "This appointment cannot be moved any more");
            case MoveOutcome.Taken or MoveOutcome.InThePast or MoveOutcome.SameTime or MoveOutcome.ServiceInactive:
                return Wrong(string.Empty, "This time is not free. Choose another time");
            default:
                return NotFound();
        }
    }

    private IActionResult Wrong(string field, string error)
    {
        ModelState.AddModelError(field, error);
        return Again();
    }

    private async Task<bool> LoadAsync()
    {
        ViewData[ViewKeys.Section] = "diary";
        _appointment = await appointments.FindAsync(Actor, Id, Cancelled);
        _slot = await diary.SlotAsync(Actor, Slot, Cancelled);
        if (_appointment is null || _slot is null)
            return false;
        if (HttpMethods.IsGet(Request.Method))
            Channel = _slot.Channels.Contains(_appointment.Channel) ? _appointment.Channel : _slot.Channels is [var only] ? only : null;
        return true;
    }
}
