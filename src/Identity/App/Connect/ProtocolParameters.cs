using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Telemedicine.Identity.Connect;

/// <summary>
/// The parameters of a protocol request, from its query or its form. RFC 6749 section 3.1: an empty value counts as absent, and no
/// parameter may be repeated.
/// </summary>
public sealed class ProtocolParameters
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _repeated = new(StringComparer.Ordinal);

    public ProtocolParameters(IEnumerable<KeyValuePair<string, StringValues>> source)
    {
        foreach (var (name, values) in source)
        {
            if (values.Count > 1)
                _repeated.Add(name);
            if (values.Count > 0 && values[0] is { Length: > 0 } value)
                _values[name] = value;
        }
    }

    /// <summary>The value, or null when it is absent.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    public bool HasRepeats => _repeated.Count > 0;

    public bool IsRepeated(string name) => _repeated.Contains(name);

    /// <summary>The same parameters as an address, with one set to a value of ours.</summary>
    public string ToAddress(string path, string name, string value)
    {
        var others = _values.Where(pair => pair.Key != name).Append(KeyValuePair.Create(name, value));
        return QueryHelpers.AddQueryString(path, others.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));
    }
}
