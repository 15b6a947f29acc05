using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Afterwards;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.Clinics;

/// <summary>The clinician books the patient's next appointment, while the patient is still there to agree to it.</summary>
public sealed class FollowUpModel(FollowUps followUps, SignallingCommands signalling, TimeProvider clock) : ClinicianPage
{
    /// <summary>Days from today.</summary>
    public static readonly IReadOnlyList<(string Value, string Text)> Distances =
        [("0", "As soon as possible"), ("7", "In 1 week"), ("14", "In 2 weeks"), ("28", "In 4 weeks"), ("42", "In 6 weeks"), ("84", "In 3 months")];

    private FollowUpChoices? _choices;

    public FollowUpChoices Choices => _choices ?? throw new InvalidOperationException("The page is shown with its choices.");

    /// <summary>One of <see cref="Distances"/>.</summary>
    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    /// <summary>With any clinician, not this one alone.</summary>
    [BindProperty(SupportsGet = true)]
    public bool Anyone { get; set; }

    /// <summary>The time and the way to hold it, as "{slot} {channel}".</summary>
    [BindProperty]
    public string? Chosen { get; set; }

    public async Task<IActionResult> OnGetAsync(AppointmentId id) => await LoadAsync(id) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(AppointmentId id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        if (Chosen?.Split(' ') is not [var time, var way] || !SlotId.TryParse(time, null, out var slot) || !Enum.TryParse<DeliveryChannel>(way, out var channel) || !Enum.IsDefined(channel))
            return Wrong(nameof(Chosen), "Select a time");
        switch (await followUps.BookAsync(Actor, id, slot, channel, Cancelled))
        {
            case BookOutcome.Booked booked:
                signalling.ClinicChanged(new ClinicId(booked.Clinic.Value));
                this.ShowNext("The follow-up is booked. The patient gets a message.");
                return RedirectToPage(new { id });
            case BookOutcome.Overlaps overlaps:
                return Wrong(nameof(Chosen), $"The patient has another appointment on {overlaps.Start.DayAndTime()}");
            case BookOutcome.Taken or BookOutcome.InThePast:
                return Wrong(nameof(Chosen), "This time is not free any more. Select another one");
            case BookOutcome.AnswersMissing:
                return Wrong(nameof(Chosen), "The patient must answer questions before this service is booked. Leave a task for practice staff to book it");
            case BookOutcome.ServiceInactive or BookOutcome.ChannelNotOffered or BookOutcome.AgainstRule:
                return Wrong(nameof(Chosen), "This service cannot be booked like this. Select another time");
            default:
                return NotFound();
        }
    }

    private async Task<bool> LoadAsync(AppointmentId id)
    {
        ViewData[ViewKeys.Section] = "clinics";
        After = Distances.Any(distance => distance.Value == After) ? After : Distances[0].Value;
        var first = PracticeTime.For(Me.TimeZone).DayOf(clock.GetUtcNow()).AddDays(int.Parse(After ?? "0", CultureInfo.InvariantCulture));
        _choices = await followUps.ChoicesAsync(Actor, id, first, ownOnly: !Anyone, Cancelled);
        return _choices is not null;
    }
}
