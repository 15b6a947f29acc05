namespace Telemedicine.Signalling;

/// <summary>The service cannot start as it is set up. The message is one plain sentence for the person who set it up.</summary>
public sealed class SettingsException(string message) : Exception(message);
