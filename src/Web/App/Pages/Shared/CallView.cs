using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Queue;

namespace Telemedicine.Web.Pages.Shared;

/// <summary>What the call's markup needs; the script reads it from data attributes.</summary>
/// <param name="Role">patient or clinician.</param>
/// <param name="OutcomeUrl">Where the page goes when the consultation is over.</param>
/// <param name="LeaveUrl">Where the page goes when this person leaves.</param>
/// <param name="OtherName">Whom the call is with.</param>
public sealed record CallView(
    string Role, AppointmentId Consultation, string TicketUrl, string OutcomeUrl, string LeaveUrl, string OtherName, string PracticeName, string? PracticePhone)
{
    /// <summary>The person came by a link and has no account.</summary>
    public bool IsGuest { get; init; }

    /// <summary>Where the script lists, sends and fetches the photos and files.</summary>
    public required string FilesUrl { get; init; }

    /// <summary>How the call goes on by telephone; null for guests, who are not called.</summary>
    public TelephoneView? Telephone { get; init; }

    public bool IsClinician => Role == "clinician";

    /// <summary>What the patient's waiting room shows; null for a clinician.</summary>
    public QueueView? Waiting { get; init; }

    /// <summary>Where the script fetches the waiting room's panel anew; null for a clinician.</summary>
    public string? WaitingUrl { get; init; }
}

/// <param name="CallBack">Where the patient's side can be called; null if nobody knows.</param>
public sealed record TelephoneView(string? CallBack);

/// <summary>Addresses of the ticket endpoints, which are no pages.</summary>
internal static class TicketUrls
{
    public static string TicketFor(this IUrlHelper url, AppointmentId consultation) => url.Content($"~/consultations/{consultation}/ticket");

    public static string TicketFor(this IUrlHelper url, ScheduleId clinic) => url.Content($"~/clinics/{clinic}/ticket");
}
