using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Patients;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>A patient as practice staff see them: who they are and what is booked.</summary>
public sealed class PatientModel(PatientService patients, AppointmentQueries appointments, AccessNeedsService needs) : StaffPage
{
    private PatientView? _patient;

    public PatientView Patient => _patient ?? throw new InvalidOperationException("The page is shown with its patient.");

    public MyAppointments Appointments { get; private set; } = new([], []);

    /// <summary>Null if the patient was not asked yet.</summary>
    public AccessNeedsView? Needs { get; private set; }

    public async Task<IActionResult> OnGetAsync(PatientId patient)
    {
        _patient = await patients.OpenAsync(Actor, patient, Cancelled);
        if (_patient is null)
            return NotFound();
        Appointments = await appointments.OfPatientAsync(Actor, patient, Cancelled);
        Needs = await needs.FindAsync(Actor, patient, Cancelled);
        return Page();
    }
}
