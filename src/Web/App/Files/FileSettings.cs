using System.Net;
using System.Net.Sockets;
using Telemedicine.Web.Infrastructure;

namespace Telemedicine.Web.Files;

/// <summary>Where a ClamAV daemon listens: <c>Files:ClamAv</c>, <c>tcp://host:3310</c> or <c>unix:/run/clamav/clamd.ctl</c>. Null: none, and each file says so.</summary>
public sealed record FileSettings(EndPoint? ClamAv)
{
    public const string Setting = "Files:ClamAv";

    /// <exception cref="StartRefusedException">It is set to something else.</exception>
    public static FileSettings From(IConfiguration configuration) => configuration[Setting] switch
    {
        null or "" => new(null as EndPoint),
        ['u', 'n', 'i', 'x', ':', .. var path] when Path.IsPathRooted(path) => new(new UnixDomainSocketEndPoint(path)),
        var text when Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "tcp", Port: > 0, PathAndQuery: "" or "/" } => new(new DnsEndPoint(uri.Host, uri.Port)),
        _ => throw new StartRefusedException($"{Setting} must be tcp://host:port or unix:/path/of/clamd.ctl, or not set."),
    };
}
