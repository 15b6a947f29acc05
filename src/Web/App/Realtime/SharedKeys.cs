using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Web.Realtime;

/// <summary>The keys that Web and Signalling share. The first signs; all verify, so that a key can be rotated.</summary>
public sealed class SharedKeys(IReadOnlyList<SharedKey> all)
{
    public const string Section = "SharedKeys";

    public IReadOnlyList<SharedKey> All { get; } = all;

    public SharedKey Signing => All[0];

    public static SharedKeys From(IConfiguration configuration) => new(
        [.. configuration.GetSection(Section).GetChildren().Select(key => new SharedKey { Id = key["Id"] ?? "", Secret = key["Secret"] ?? "" })]);
}
