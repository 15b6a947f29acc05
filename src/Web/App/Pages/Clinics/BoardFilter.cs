using Telemedicine.Clinical.Consultations;

namespace Telemedicine.Web.Pages.Clinics;

/// <summary>Which rows of a board are shown; in its address, so that a refresh or a bookmark keeps it.</summary>
public enum BoardFilter
{
    All,
    ToCome,
    Waiting,
    InCall,
    Done,
    Missed,
}

internal static class BoardFilters
{
    public static bool Shows(this BoardFilter filter, BoardStatus status) => filter switch
    {
        BoardFilter.ToCome => status is BoardStatus.Booked,
        BoardFilter.Waiting => status is BoardStatus.Arrived or BoardStatus.Waiting,
        BoardFilter.InCall => status is BoardStatus.InCall,
        BoardFilter.Done => status is BoardStatus.Done,
        BoardFilter.Missed => status is BoardStatus.DidNotAttend or BoardStatus.Cancelled,
        _ => true,
    };

    public static string Name(this BoardFilter filter) => filter switch
    {
        BoardFilter.ToCome => "To come",
        BoardFilter.Waiting => "Arriving or waiting",
        BoardFilter.InCall => "In call",
        BoardFilter.Done => "Done",
        BoardFilter.Missed => "Missed or cancelled",
        _ => "All",
    };
}
