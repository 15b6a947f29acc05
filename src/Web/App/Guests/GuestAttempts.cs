using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace Telemedicine.Web.Guests;

/// <summary>How many answers one address may give to links, whichever they are. What one link takes is <see cref="Clinical.Guests.Guest"/>'s.</summary>
public sealed class GuestAttempts : IDisposable
{
    public const int PerWindow = 30;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(address => RateLimitPartition.GetSlidingWindowLimiter(
        address, _ => new SlidingWindowRateLimiterOptions { PermitLimit = PerWindow, Window = Window, SegmentsPerWindow = 10, QueueLimit = 0 }));

    public bool TryTake(HttpContext context)
    {
        using var lease = _limiter.AttemptAcquire(AddressOf(context.Connection.RemoteIpAddress));
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();

    /// <summary>One household has a whole IPv6 /64, so that is what counts as an address.</summary>
    private static string AddressOf(IPAddress? address)
    {
        if (address?.IsIPv4MappedToIPv6 is true)
            address = address.MapToIPv4();
        return address?.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)) : address?.ToString() ?? "";
    }
}
