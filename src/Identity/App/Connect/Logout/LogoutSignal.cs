using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Connect.Logout;

/// <summary>Wakes <see cref="LogoutSender"/>.</summary>
public sealed class LogoutSignal : Signal;
