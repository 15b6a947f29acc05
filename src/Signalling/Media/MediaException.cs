namespace Telemedicine.Media;

/// <summary>A client asked for something this SFU cannot do; the message is plain English and names no person or address.</summary>
public class MediaException(string message) : Exception(message);
