namespace Telemedicine.Media;

/// <summary>The receiver has no decoder for the media: it is not sent to it, and asking again is of no use.</summary>
public sealed class CannotPlayException(string message) : MediaException(message);
