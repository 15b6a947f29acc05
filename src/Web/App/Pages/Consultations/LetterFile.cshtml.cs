using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Afterwards;
using Telemedicine.Web.Letters;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Consultations;

/// <summary>The patient's letter as a PDF. No carer opens it.</summary>
public sealed class LetterFileModel(PatientLetters letters) : PatientPage
{
    public async Task<IActionResult> OnGetAsync(AppointmentId id)
    {
        if (await letters.ReadAsync(Actor, id, Cancelled) is not { } letter)
            return NotFound();
        Response.Headers.CacheControl = "no-store";
        return File(LetterPdf.Write(letter), "application/pdf", $"appointment-{letter.Start:yyyy-MM-dd}.pdf");
    }
}
