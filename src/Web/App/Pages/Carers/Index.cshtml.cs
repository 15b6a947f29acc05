using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Carers;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Booking;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.Carers;

/// <summary>Who may act for a patient, what they did, and how to end it: at once, also for a call that they are in.</summary>
[CarerMay(CarerRights.None)]
public sealed class IndexModel(CarerService carers, SignallingCommands signalling) : BookingPage
{
    public IReadOnlyList<CarerView> Current { get; private set; } = [];

    public IReadOnlyList<CarerView> Before { get; private set; } = [];

    public IReadOnlyList<CarerAct> Acts { get; private set; } = [];

    /// <summary>Why it ends: staff must say.</summary>
    [BindProperty]
    public string? Reason { get; set; }

    public async Task OnGetAsync() => await LoadAsync();

    public async Task<IActionResult> OnPostWithdrawAsync(RelatedPersonId carer)
    {
        switch (await carers.WithdrawAsync(Actor, carer, Reason, Cancelled))
        {
            case WithdrawOutcome.Withdrawn withdrawn:
                foreach (var room in withdrawn.Rooms)
                    signalling.Remove(new ClinicId(room.Clinic.Value), new ConsultationId(room.Consultation.Value), new ParticipantId(carer.Value));
                this.ShowNext(ByStaff ? "They may not act for the patient any more." : "They may not act for you any more.");
                return RedirectToPage(new { Patient });
            case WithdrawOutcome.Over:
                this.ShowNext("It had ended before.");
                return RedirectToPage(new { Patient });
            case WithdrawOutcome.ReasonMissing:
                ModelState.AddModelError($"Reason-{carer}", string.IsNullOrWhiteSpace(Reason)
                    ? "Enter why it ends"
                    : $"The reason must be {Clinical.Booking.Appointment.ReasonLength} characters or fewer");
                await LoadAsync();
                return Again();
            default:
                return NotFound();
        }
    }

    private async Task LoadAsync()
    {
        ViewData[ViewKeys.Section] = ByStaff ? "patients" : "appointments";
        var all = await carers.OfPatientAsync(Actor, PatientId, Cancelled);
        (Current, Before) = ([.. all.Where(carer => carer.CanBeWithdrawn)], [.. all.Where(carer => !carer.CanBeWithdrawn)]);
        Acts = await carers.ActsAsync(Actor, PatientId, Cancelled);
    }
}
