using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Queue;
using Telemedicine.Web.Pages.Practice;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Clinics;

/// <summary>Everything that is kept of how an appointment went, in one list.</summary>
public sealed class TimelineModel(AppointmentQueries appointments, EncounterTimelines timelines) : ClinicTeamPage
{
    private AppointmentView? _appointment;
    private EncounterTimeline? _timeline;

    public AppointmentView Appointment => _appointment ?? throw new InvalidOperationException("The page is shown with its appointment.");

    public EncounterTimeline Timeline => _timeline ?? throw new InvalidOperationException("The page is shown with its appointment.");

    /// <summary>In order of time.</summary>
    public IReadOnlyList<(DateTimeOffset At, string Text)> Entries { get; private set; } = [];

    public IReadOnlyList<string> Connection { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(AppointmentId id)
    {
        _appointment = await appointments.FindAsync(Actor, id, Cancelled);
        _timeline = await timelines.OfAsync(Actor, id, Cancelled);
        if (_appointment is null || _timeline is null)
            return NotFound();
        Entries =
        [
            .. Timeline.Steps.Where(step => !step.Action.StartsWith("signalling.", StringComparison.Ordinal)).Select(step => (step.At, StepText(step)))
                .Concat(Timeline.Evidence.Facts.Select(fact => (fact.At, Text: $"{fact.Line(forPatient: false)}.")))
                .Concat(Timeline.Messages.Select(message => (At: message.SentAt, Text: $"{message.From} told the patient: {message.Text}")))
                .Concat(Timeline.Help.Select(help => (At: help.AskedAt, Text: HelpText(help))))
                .Concat(Timeline.Decisions.Select(decision => (decision.At, Text: decision.Line())))
                .Concat(Timeline.Handovers.SelectMany(handover => handover.Lines()))
                .Concat(Timeline.Incidents.Select(incident => (incident.At, Text: incident.Sentence())))
                .Concat(Timeline.Statuses.Where(status => status.Status is EncounterStatus.Finished).Select(status => (status.At, Text: "The consultation was finished.")))
                .OrderBy(entry => entry.At),
        ];
        Connection = Timeline.Quality.Count == 0 ? [] : ConnectionWording.Of(Timeline.Quality, Appointment.PatientName, Actor.IsStaff ? "the clinician" : "you");
        return Page();
    }

    private static string HelpText(HelpView help) =>
        help is { SeenAt: { } at, SeenBy: { } by } ? $"The patient asked for help. {by} saw it at {at.Clock()}." : "The patient asked for help. Nobody has said that they saw it.";

    private static string StepText(AppointmentStep step) =>
        $"{DiaryWording.Done(step.Action)} by {step.By.Named()}: {step.Start.DayAndTime()} with {step.PractitionerName}, {step.Channel.Channel().ToLowerInvariant()}.{(step.Reason is { } why ? $" Reason: {why}" : "")}";
}
