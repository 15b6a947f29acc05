using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.WaitingList;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.WaitingList;

/// <summary>A time that came up, where the message leads to. One press takes it. Opening the page changes nothing: programs that look into messages open it too.</summary>
[CarerMay(CarerRights.ChangeAppointments)]
public sealed class OfferModel(WaitingLists lists, BookingService booking, SignallingCommands signalling, TimeProvider clock) : PatientPage
{
    private OfferView? _offer;

    public OfferView Offer => _offer ?? throw new InvalidOperationException("The page is shown with its offer.");

    public DateTimeOffset Now => clock.GetUtcNow();

    public async Task<IActionResult> OnGetAsync(WaitingListOfferId id) => await LoadAsync(id) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(WaitingListOfferId id)
    {
        switch (await booking.AcceptAsync(Actor, id, Cancelled))
        {
            case AcceptOutcome.Accepted accepted:
                Tell(accepted);
                return RedirectToPage("/Booking/Booked", new { id = accepted.Appointment });
            case AcceptOutcome.Overlaps overlaps when await LoadAsync(id):
                ModelState.AddModelError(string.Empty, $"You have another appointment on {overlaps.Start.DayAndTime()}. Cancel it first, or decline this time");
                return Again();
            case AcceptOutcome.AnswersNeeded needed:
                return RedirectToPage("/Booking/Confirm", new { service = needed.Service, day = needed.Day.Iso(), slot = needed.Slot });
            case AcceptOutcome.Over when await LoadAsync(id):
                return Page();
            default:
                return NotFound();
        }
    }

    public async Task<IActionResult> OnPostDeclineAsync(WaitingListOfferId id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        if (await lists.DeclineAsync(Actor, id, Cancelled))
            this.ShowNext("You did not take this time. You stay on the waiting list.");
        return RedirectToPage("/WaitingList/Index");
    }

    private void Tell(AcceptOutcome.Accepted accepted)
    {
        if (accepted.Moved is { } moved)
            signalling.Left(new ClinicId(moved.From.Value), new ClinicId(moved.To.Value), moved.OldRoom is { } room ? new ConsultationId(room.Consultation.Value) : null);
        else
            signalling.ClinicChanged(new ClinicId(accepted.Clinic.Value));
    }

    private async Task<bool> LoadAsync(WaitingListOfferId id)
    {
        _offer = await lists.FindOfferAsync(Actor, id, Cancelled);
        return _offer is not null;
    }
}
