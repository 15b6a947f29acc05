using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Messages;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>Calls off a clinic: first what becomes of each appointment, then every message as its patient will read it, then it is done.</summary>
public sealed class CallOffModel(CallOffPlanner planner, BookingService booking, MessageQueries messages, MessageWriter writer, SignallingCommands signalling) : StaffPage
{
    private CallOffPlan? _plan;

    [FromRoute]
    public ScheduleId Clinic { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    [BindProperty]
    public List<CallOffRow> Rows { get; set; } = [];

    public CallOffPlan Plan => _plan ?? throw new InvalidOperationException("The page is shown with its clinic.");

    /// <summary>What each patient would read whose appointment does not stay, in the order of the plan; null before it is asked for.</summary>
    public IReadOnlyList<(CallOffLine Line, MessageText Email, MessageText Text)>? Preview { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        Propose();
        return Page();
    }

    /// <summary>The messages are shown. Nothing has happened yet.</summary>
    public async Task<IActionResult> OnPostPreviewAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        if (string.IsNullOrWhiteSpace(Reason) || Reason.Trim().Length > Slot.BlockReasonLength)
            return Wrong(nameof(Reason), string.IsNullOrWhiteSpace(Reason) ? "Enter why the clinic is called off" : $"The reason must be {Slot.BlockReasonLength} characters or fewer");
        return await WriteAsync(Reason.Trim()) ? Page() : LookAgain();
    }

    public async Task<IActionResult> OnPostConfirmAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        if (Rows.Exists(row => row.IsUnreadable))
            return LookAgain();
        switch (await booking.CallOffAsync(Actor, new CallOffRequest(Clinic, Reason ?? "", Rows.ConvertAll(row => new CallOffChoice(row.Appointment, row.Slot, row.To == CallOffRow.Stay))), Cancelled))
        {
            case CallOffOutcome.CalledOff done:
                foreach (var room in done.Rooms)
                    signalling.Cancel(new ClinicId(room.Clinic.Value), new ConsultationId(room.Consultation.Value));
                foreach (var clinic in done.Moved.Select(moved => moved.To).Append(Clinic).Distinct())
                    signalling.ClinicChanged(new ClinicId(clinic.Value));
                this.ShowNext($"The clinic is called off: {Wording.Count(done.Moved.Count, "appointment", "appointments")} moved, {done.Cancelled} cancelled. The patients are told.");
                return RedirectToPage("/Practice/Diary", new { day = DateOnly.FromDateTime(Plan.Start.DateTime).Iso() });
            case CallOffOutcome.ReasonMissing:
                return Wrong(nameof(Reason), "Enter why the clinic is called off");
            case CallOffOutcome.Changed:
                return LookAgain();
            case CallOffOutcome.Over:
                return Wrong(string.Empty, "The clinic is over");
            default:
                return NotFound();
        }
    }

    /// <summary>False if the choices do not fit the clinic any more.</summary>
    private async Task<bool> WriteAsync(string reason)
    {
        var chosen = Rows.ToLookup(row => row.Appointment);
        var written = new List<(CallOffLine, MessageText, MessageText)>();
        foreach (var line in Plan.Lines)
        {
            if (chosen[line.Appointment].Count() != 1 || chosen[line.Appointment].Single() is not { IsUnreadable: false } row)
                return false;
            if (row.To == CallOffRow.Stay)
                continue;
            var place = line.Alternatives.FirstOrDefault(place => place.Slot == row.Slot);
            if (row.Slot is not null && place is null)
                return false;
            var details = new MessageDetails { Reason = reason, PreviousStart = place is null ? null : line.Start };
            if (await messages.TopicAsync(Actor, line.Appointment, details, Cancelled) is not { } topic)
                return false;
            var kind = place is null ? MessageKind.ClinicCancelled : MessageKind.ClinicMoved;
            if (place is not null)
                topic = topic with { Start = place.Start, End = place.End, PractitionerName = place.PractitionerName };
            written.Add((line, writer.Write(kind, MessageChannel.Email, topic), writer.Write(kind, MessageChannel.Text, topic)));
        }

        Preview = written;
        return Rows.Count == Plan.Lines.Count;
    }

    private IActionResult LookAgain()
    {
        ModelState.Clear();
        Preview = null;
        Propose();
        return Wrong(string.Empty, "Somebody changed an appointment or took one of the times. Nothing is called off yet: check the times again");
    }

    private void Propose() =>
        Rows = [.. Plan.Lines.Select(line => new CallOffRow { Appointment = line.Appointment, To = line.Alternatives.Count > 0 ? line.Alternatives[0].Slot.ToString() : null })];

    private async Task<bool> LoadAsync()
    {
        ViewData[ViewKeys.Section] = "diary";
        _plan = await planner.PlanAsync(Actor, Clinic, Cancelled);
        return _plan is not null;
    }
}
