using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.SignIn;

namespace Telemedicine.Web.Pages.Booking;

/// <summary>
/// A step of booking or cancelling. A patient takes it for themself, under /appointments, and a carer likewise; practice staff for a patient named in the address, under
/// /practice/patients/{patient}.
/// </summary>
[CarerMay(CarerRights.ChangeAppointments)]
public abstract class BookingPage : PatientPage
{
    /// <summary>The patient in the address: only then staff book.</summary>
    [FromRoute]
    public Guid? Patient { get; set; }

    /// <summary>Whom staff book for; null for a patient who books for themself.</summary>
    public PatientView? BookedFor { get; private set; }

    public bool ByStaff => Patient is not null;

    /// <summary>The pages' titles and headings speak of "you", or of the patient by name.</summary>
    public string Whom => BookedFor?.DisplayName ?? ActsForName ?? "you";

    public DateTimeOffset Now => HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();

    protected PatientId PatientId => Patient is { } id ? new PatientId(id) : Self;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (Patient is { } id && await FindAsync(HttpContext.RequestServices.GetRequiredService<CurrentPerson>()) is { } staff)
        {
            BookedFor = await HttpContext.RequestServices.GetRequiredService<PatientService>().FindAsync(staff.Actor, new PatientId(id), Cancelled);
            if (BookedFor is null)
            {
                context.Result = NotFound();
                return;
            }
        }
        ViewData[ViewKeys.Section] = ByStaff ? "patients" : "book";
        await base.OnPageHandlerExecutionAsync(context, next);
    }

    protected override Task<PersonAtPractice?> FindAsync(CurrentPerson current) => ByStaff ? current.AsStaffAsync() : current.AsPatientAsync();

    protected override IActionResult Unknown() => ByStaff || !User.IsInRole(Roles.Patient) ? Forbid() : base.Unknown();

    /// <summary>The wall clock's time of a slot, also of one that is gone: HH:mm, or null if there is no such slot at the practice.</summary>
    protected async Task<string?> ClockOfAsync(SlotId slot) => (await StartOfAsync(slot))?.ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>The practice's day of a slot, also of one that is gone; null if there is no such slot at the practice.</summary>
    protected async Task<DateOnly?> DayOfAsync(SlotId slot) => await StartOfAsync(slot) is { } start ? DateOnly.FromDateTime(start.DateTime) : null;

    private async Task<DateTimeOffset?> StartOfAsync(SlotId slot)
    {
        var db = HttpContext.RequestServices.GetRequiredService<ClinicalDbContext>();
        db.ActFor(Actor);
        var start = await db.Slots.Where(s => s.Id == slot).Select(s => (DateTimeOffset?)s.Start).SingleOrDefaultAsync(Cancelled);
        return PracticeTime.For(Me.TimeZone).ToLocal(start);
    }

    /// <summary>Gives every step a second address for staff: /appointments/… becomes /practice/patients/{patient}/appointments/….</summary>
    internal static void AddStaffAddresses(PageRouteModel page)
    {
        foreach (var template in page.Selectors.Select(s => s.AttributeRouteModel?.Template).OfType<string>().ToList())
        {
            // Tried first when a link is made: it needs a patient, so that a link without one falls through to the patient's own address.
            var address = new AttributeRouteModel { Template = "practice/patients/{patient:guid}/" + template, Order = -1 };
            page.Selectors.Add(new SelectorModel { AttributeRouteModel = address });
        }
    }
}
