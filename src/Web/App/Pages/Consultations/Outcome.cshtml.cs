using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Files;
using Telemedicine.Web.Files;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Consultations;

/// <summary>After the call: what was held, with whom and when. Reading it again changes nothing.</summary>
[CarerMay(CarerRights.SeeAppointments | CarerRights.JoinConsultations)]
public sealed class OutcomeModel(ConsultationService consultations, KeptChat chat, SharedFiles files) : PatientPage
{
    private ConsultationResult? _result;

    public ConsultationResult Result => _result ?? throw new InvalidOperationException("The page is shown with its result.");

    /// <summary>What was said in the call, if the clinician kept it.</summary>
    public IReadOnlyList<KeptMessageView> Messages { get; private set; } = [];

    public IReadOnlyList<FileLine> Files { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(AppointmentId id)
    {
        Files = await files.ListAsync(Actor, id, Cancelled) is { } list ? list.Lines(file => $"{Url.FilesFor(id)}/{file}") : [];
        Messages = await chat.OfAsync(Actor, id, Cancelled);
        _result = await consultations.ResultAsync(Actor, id, Cancelled);
        return _result?.Status switch
        {
            null => NotFound(),
            BoardStatus.Cancelled or BoardStatus.DidNotAttend or BoardStatus.Booked => RedirectToPage("/Appointments/Details", new { id }),
            _ => Page(),
        };
    }
}
