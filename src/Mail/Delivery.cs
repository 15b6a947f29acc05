namespace Telemedicine.Mail;

/// <summary>What became of a message that was handed to another company's server.</summary>
public abstract record Delivery
{
    /// <summary>The other side took it.</summary>
    public sealed record Delivered : Delivery;

    /// <summary>It may work another time.</summary>
    public sealed record TryLater(string Problem) : Delivery;

    /// <summary>It would not work another time either.</summary>
    public sealed record Refused(string Problem) : Delivery;
}
