using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Events;
using Telemedicine.Signalling.MediaNode;

namespace Telemedicine.Signalling.Rooms;

/// <summary>The clinics of this node. A clinic lives while somebody is connected to it, and some minutes longer.</summary>
public sealed class ClinicDirectory(MediaHost media, ConsultationEvents events, QualityReports quality, TimeProvider time, ILogger<Clinic> logger)
{
    /// <summary>
    /// Longer than the grace of a session, so that none is cut short, and than the life of a ticket, so that nobody opens an ended
    /// consultation again with a ticket from before.
    /// </summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<ClinicId, Entry> _clinics = [];

    /// <summary>Opens a clinic, or takes part in it. Every rent is returned once.</summary>
    public Clinic Rent(ClinicId id)
    {
        lock (_gate)
        {
            if (!_clinics.TryGetValue(id, out var entry))
                _clinics.Add(id, entry = new Entry(new Clinic(id, media, events, quality, time, logger)));
            entry.Rents++;
            entry.Idle?.Dispose();
            entry.Idle = null;
            return entry.Clinic;
        }
    }

    public void Return(Clinic clinic)
    {
        lock (_gate)
        {
            var entry = _clinics[clinic.Id];
            if (--entry.Rents > 0)
                return;
            ITimer? timer = null;
            timer = time.CreateTimer(_ => Remove(entry, timer), null, IdleTime, Timeout.InfiniteTimeSpan);
            entry.Idle = timer;
        }
    }

    private void Remove(Entry entry, ITimer? timer)
    {
        lock (_gate)
        {
            // Rented again, and perhaps returned since: then another timer runs.
            if (entry.Idle is null || entry.Idle != timer)
                return;
            entry.Idle.Dispose();
            entry.Idle = null;
            _clinics.Remove(entry.Clinic.Id);
            entry.Clinic.Close();
        }
    }

    private sealed class Entry(Clinic clinic)
    {
        public Clinic Clinic => clinic;

        public int Rents { get; set; }

        /// <summary>Runs while nobody rents it.</summary>
        public ITimer? Idle { get; set; }
    }
}
