using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>
/// A view of the diary: a day, a week, or the next free times. What is shown, and what a free time is wanted for, stand in the address, so that it can be
/// bookmarked and going back works.
/// </summary>
public abstract class DiaryPage(DiaryService diary, AppointmentQueries appointments, PatientService patients, TimeProvider clock) : StaffPage
{
    /// <summary>Today, if none is asked for.</summary>
    [BindProperty(SupportsGet = true)]
    public DateOnly? Day { get; set; }

    [BindProperty(SupportsGet = true)]
    public HealthcareServiceId? Service { get; set; }

    [BindProperty(SupportsGet = true)]
    public PractitionerId? Clinician { get; set; }

    [BindProperty(SupportsGet = true)]
    public DeliveryChannel? Channel { get; set; }

    /// <summary>A free time is wanted to move this appointment to.</summary>
    [BindProperty(SupportsGet = true)]
    public AppointmentId? Move { get; set; }

    /// <summary>A free time is wanted for this patient.</summary>
    [BindProperty(SupportsGet = true)]
    public PatientId? For { get; set; }

    public DateOnly Shown { get; private set; }

    public DateOnly Today { get; private set; }

    public DiaryChoices Choices { get; private set; } = new([], []);

    public AppointmentView? Moving { get; private set; }

    public PatientView? BookingFor { get; private set; }

    protected DiaryService Diary => diary;

    protected DiaryFilter Filter => new(Service, Clinician, Channel is { } channel && Enum.IsDefined(channel) ? channel : null);

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        ViewData[ViewKeys.Section] = "diary";
        await base.OnPageHandlerExecutionAsync(context, next);
    }

    /// <summary>False if what a time is wanted for is not to be found.</summary>
    protected async Task<bool> LoadAsync()
    {
        // A filter that cannot be read is no filter, and a day that cannot be read is today.
        ModelState.Clear();
        Today = PracticeTime.For(Me.TimeZone).DayOf(clock.GetUtcNow());
        Shown = Day is { Year: > 2000 and < 3000 } day ? day : Today;
        Choices = await diary.ChoicesAsync(Actor, Cancelled);
        if (Move is { } move)
            Moving = await appointments.FindAsync(Actor, move, Cancelled);
        if (For is { } patient)
            BookingFor = await patients.FindAsync(Actor, patient, Cancelled);
        return (Move is null || Moving is not null) && (For is null || BookingFor is not null);
    }

    /// <summary>Route values of the same view on another day.</summary>
    public Dictionary<string, string?> At(DateOnly day) => new()
    {
        ["day"] = day == Today ? null : day.Iso(),
        ["service"] = Service?.ToString(),
        ["clinician"] = Clinician?.ToString(),
        ["channel"] = Filter.Channel?.ToString(),
        ["move"] = Move?.ToString(),
        ["for"] = For?.ToString(),
    };

    /// <summary>Where a free time of this service and day leads, with an empty id for the slot: generated once, because a day has a thousand of them.</summary>
    public string FreeTimeLink(HealthcareServiceId service, DateOnly day) => (this switch
    {
        { Moving: { } moving } => Url.Page("/Booking/MoveConfirm", new { patient = moving.PatientId, id = moving.Id, slot = Guid.Empty }),
        { BookingFor: { } patient } => Url.Page("/Booking/Confirm", new { patient = patient.Id.Value, service, day = day.Iso(), slot = Guid.Empty }),
        _ => SlotLink,
    }) ?? throw new InvalidOperationException("There is no page for a free time.");

    /// <summary>Where a slot leads, with an empty id.</summary>
    public string SlotLink => Url.Page("/Practice/Slot", new { slot = Guid.Empty }) ?? throw new InvalidOperationException("There is no page for a slot.");

    /// <summary>Where an appointment leads, with an empty id.</summary>
    public string AppointmentLink => Url.Page("/Practice/Appointment", new { id = Guid.Empty }) ?? throw new InvalidOperationException("There is no page for an appointment.");
}
