using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.Booking;

/// <summary>The same time every few weeks: first how often, then the dates with what is free, then all at once. Each is an appointment like any other.</summary>
public sealed class SeriesModel(AvailabilityService availability, BookingService booking, SignallingCommands signalling) : QuestionsPage
{
    private AvailableSlot? _slot;

    [FromRoute]
    public HealthcareServiceId Service { get; set; }

    [FromRoute]
    public DateOnly Day { get; set; }

    [FromRoute]
    public SlotId Slot { get; set; }

    /// <summary>Weeks from one to the next.</summary>
    [BindProperty(SupportsGet = true)]
    public int? Every { get; set; }

    /// <summary>How many appointments.</summary>
    [BindProperty(SupportsGet = true)]
    public int? Times { get; set; }

    public override IReadOnlyList<QuestionView> Questions => Chosen.Questions;

    public AvailableSlot Chosen => _slot ?? throw new InvalidOperationException("The page is shown with its slot.");

    /// <summary>Empty before how often is known.</summary>
    public IReadOnlyList<SeriesDate> Dates { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync())
            return Gone();
        if (!Request.Query.ContainsKey(nameof(Every)))
            return Page();
        return await ShowDatesAsync() ? Page() : Again();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await LoadAsync())
            return Gone();
        if (!await ShowDatesAsync())
            return Again();
        if (Channel is not { } channel || !Chosen.Channels.Contains(channel))
        {
            ModelState.Remove(nameof(Channel));
            ModelState.AddModelError(nameof(Channel), "Select how you want to have the appointments");
            return Again();
        }
        switch (await booking.BookSeriesAsync(Actor, RequestFor(channel), Cancelled))
        {
            case SeriesOutcome.Booked booked:
                foreach (var clinic in booked.Appointments.Select(appointment => appointment.Clinic).Distinct())
                    signalling.ClinicChanged(new ClinicId(clinic.Value));
                this.ShowNext($"{booked.Appointments.Count} appointments are booked.");
                return ByStaff ? RedirectToPage("/Practice/Patient", new { Patient }) : RedirectToPage("/Appointments/Index");
            case SeriesOutcome.Refused { First: BookOutcome.AnswersMissing missing }:
                Miss(missing.Questions);
                return Again();
            case SeriesOutcome.Refused { First: BookOutcome.Overlaps overlaps }:
                ModelState.AddModelError(string.Empty, $"{(ByStaff ? "The patient has" : "You have")} another appointment at {overlaps.Start.Clock()}. Choose another time");
                return Again();
            default:
                return Gone();
        }
    }

    private SeriesRequest RequestFor(DeliveryChannel channel) => new(Slot, PatientId, channel, Every ?? 0, Times ?? 0, Answers: Given);

    private RedirectToPageResult Gone() => RedirectToPage("/Booking/Time", new { Patient, Service, Day = Day.Iso() });

    private async Task<bool> ShowDatesAsync()
    {
        if (Every is null or < 1 or > BookingService.MostWeeksApart)
            Replace(nameof(Every), $"Enter a number of weeks from 1 to {BookingService.MostWeeksApart}");
        if (Times is null or < 2 or > BookingService.MostInSeries)
            Replace(nameof(Times), $"Enter a number of appointments from 2 to {BookingService.MostInSeries}");
        if (!ModelState.IsValid)
            return false;
        Dates = await booking.SeriesDatesAsync(Actor, RequestFor(DeliveryChannel.Video), Cancelled);
        return true;
    }

    private void Replace(string field, string error)
    {
        ModelState[field]?.Errors.Clear();
        ModelState.AddModelError(field, error);
    }

    private async Task<bool> LoadAsync()
    {
        _slot = await availability.FindSlotAsync(Actor, Slot, PatientId, Cancelled);
        if (_slot is null || _slot.ServiceId != Service)
            return false;
        if (_slot.HeldForYouUntil is null && await booking.HoldAsync(Actor, Slot, PatientId, Cancelled) is HoldOutcome.Held held)
            _slot = _slot with { HeldForYouUntil = held.Until };
        Channel ??= _slot.Channels is [var only] ? only : null;
        Align();
        return _slot.HeldForYouUntil is not null;
    }
}
