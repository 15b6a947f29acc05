using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Afterwards;
using Telemedicine.Web.Letters;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>A letter that was sent, to be posted to a patient who cannot read it here. That it was taken stands in the audit, so that it is asked for by a POST.</summary>
public sealed class LetterFileModel(PatientLetters letters) : StaffPage
{
    public async Task<IActionResult> OnPostAsync(AppointmentId id)
    {
        if (await letters.CopyAsync(Actor, id, Cancelled) is not { } letter)
            return NotFound();
        Response.Headers.CacheControl = "no-store";
        return File(LetterPdf.Write(letter), "application/pdf", $"letter-{letter.Reference}.pdf");
    }
}
