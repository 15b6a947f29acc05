using Telemedicine.Media.Net;

namespace Telemedicine.Media.Core;

/// <summary>
/// The other workers, as one of them sees them. All share a UDP port, and the system gives each sender's datagrams to one of the sockets, which need not be that of
/// the worker whose transport they are for. A check names its worker in its username; what else comes from an address goes where the last valid checks from there went.
/// Belongs to its worker's thread.
/// </summary>
internal sealed class Neighbours(int self, IReadOnlyList<IHandOver> workers, Counters counters)
{
    /// <summary>Twice what RFC 7675 grants: whoever is silent this long is gone.</summary>
    private const long Forgotten = 60_000_000;

    private readonly Dictionary<PeerAddress, Owner> _owners = [];
    private readonly List<PeerAddress> _old = [];
    private long _sweepAt;

    public int Self => self;

    public bool Exists(int worker) => worker != self && (uint)worker < (uint)workers.Count;

    /// <summary>A worker said that this address passed a check of one of its transports.</summary>
    public void Learn(long now, PeerAddress address, int worker)
    {
        if (!IsHeldByAnother(now, address, worker))
            _owners[address] = new Owner(worker, now);
    }

    /// <summary>A client that forges its source address must not lead another's datagrams away from their worker.</summary>
    public bool IsHeldByAnother(long now, PeerAddress address, int worker) =>
        _owners.TryGetValue(address, out var owner) && owner.Worker != worker && now - owner.At < Transport.LiveTime;

    /// <summary>Hands a check over to the worker that its username names.</summary>
    public void HandOver(int worker, PeerAddress from, ReadOnlySpan<byte> check)
    {
        if (workers[worker].TryHandOver(self, from, check))
            counters.HandedOver++;
        else
            counters.DroppedHandOver++;
    }

    /// <returns>False when nothing is known of this address.</returns>
    public bool TryHandOver(PeerAddress from, ReadOnlySpan<byte> datagram)
    {
        if (!_owners.TryGetValue(from, out var owner))
            return false;
        HandOver(owner.Worker, from, datagram);
        return true;
    }

    /// <summary>Tells the worker to whose socket a valid check came where this address belongs.</summary>
    public void Claim(int via, PeerAddress address)
    {
        // Should it be lost, the next check is seconds away.
        if (Exists(via))
            workers[via].TryHandOver(self, address, []);
    }

    public void HandleTimeout(long now)
    {
        if (now < _sweepAt)
            return;
        _sweepAt = now + (Forgotten / 4);
        foreach (var (address, owner) in _owners)
        {
            if (now - owner.At > Forgotten)
                _old.Add(address);
        }

        foreach (var address in _old)
            _owners.Remove(address);
        _old.Clear();
    }

    private readonly record struct Owner(int Worker, long At);
}

/// <summary>Another worker's way in: its inbox, or a test's.</summary>
internal interface IHandOver
{
    /// <param name="via">The worker whose socket the datagram came to.</param>
    /// <param name="datagram">Empty: <paramref name="via"/> claims the address.</param>
    /// <returns>False when it is full.</returns>
    bool TryHandOver(int via, PeerAddress from, ReadOnlySpan<byte> datagram);
}
