namespace Telemedicine.Signalling.Tickets;

/// <summary>Why a ticket opened nothing. For the log only: the caller is told 401 and no more.</summary>
public enum TicketRefusal
{
    Missing,

    /// <summary>Longer than a ticket can be, or not a JWT.</summary>
    Malformed,

    /// <summary>Unsigned, signed by another key or in another way, or made by or for someone else.</summary>
    NotFromWeb,

    /// <summary>Expired, from the future, or valid for longer than a ticket may be.</summary>
    NotNow,

    /// <summary>Well signed, but a claim is missing or makes no sense.</summary>
    Claims,

    /// <summary>For another clinic's hub.</summary>
    OtherClinic,

    /// <summary>Presented before.</summary>
    Used,

    /// <summary>More tickets in two minutes than this node remembers.</summary>
    Full,
}
