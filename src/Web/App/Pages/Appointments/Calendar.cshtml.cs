using System.Text;
using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Messages;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Messages;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Appointments;

/// <summary>One of a patient's own appointments as a calendar file. One that was cancelled takes itself out of the calendar.</summary>
[CarerMay(CarerRights.SeeAppointments)]
public sealed class CalendarModel(AppointmentQueries appointments, MessageQueries messages, MessageWriter writer, TimeProvider clock) : PatientPage
{
    public async Task<IActionResult> OnGetAsync(AppointmentId id)
    {
        var appointment = await appointments.FindAsync(Actor, id, Cancelled);
        if (appointment is null || await messages.TopicAsync(Actor, id, details: null, Cancelled) is not { } topic
            || MessageCalendar.EntryOf(topic, writer.LinkOf(topic)) is not { } entry)
            return NotFound();
        var method = appointment.Status == AppointmentStatus.Cancelled ? CalendarMethod.Cancel : CalendarMethod.Publish;
        var type = $"text/calendar; charset=utf-8; method={method.ToString().ToUpperInvariant()}";
        return File(Encoding.UTF8.GetBytes(CalendarFile.Write(entry, method, clock.GetUtcNow())), type, "appointment.ics");
    }
}
