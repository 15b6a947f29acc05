namespace Telemedicine.Web.Infrastructure;

/// <summary>Where this service and its neighbours are.</summary>
/// <param name="PublicUrl">What browsers use to reach Web.</param>
/// <param name="Authority">The sign-in provider's issuer.</param>
/// <param name="SignallingPublicUrl">What browsers use to reach Signalling.</param>
/// <param name="SignallingInternalUrl">What Web uses to reach Signalling.</param>
public sealed record WebOptions(Uri PublicUrl, Uri Authority, Uri SignallingPublicUrl, Uri SignallingInternalUrl, DemonstrationOptions Demonstration)
{
    public static WebOptions From(IConfiguration configuration) => new(
        Address(configuration, "Web:PublicUrl"),
        Address(configuration, "Oidc:Authority"),
        Address(configuration, "Signalling:PublicUrl"),
        Address(configuration, "Signalling:InternalUrl"),
        configuration.GetSection("Demonstration").Get<DemonstrationOptions>() ?? new DemonstrationOptions());

    private static Uri Address(IConfiguration configuration, string key) =>
        Uri.TryCreate(configuration[key], UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new StartRefusedException($"{key} must be an http or https address.");
}

/// <summary>Made-up people and a clinic at any hour, to try the service with.</summary>
public sealed class DemonstrationOptions
{
    public bool Enabled { get; init; }

    /// <summary>Path of the file that says who the people are.</summary>
    public string? PeopleFile { get; init; }
}

/// <summary>The settings do not allow a start; the message is one plain sentence for whoever set them.</summary>
public sealed class StartRefusedException(string message) : Exception(message);
