using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Telemedicine.Clinical.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class PatientGrams : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "PatientGrams",
                columns: table => new
                {
                    PracticeId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PatientId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Gram = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PatientGrams", x => new { x.PracticeId, x.Gram, x.PatientId });
                    table.ForeignKey(
                        name: "FK_PatientGrams_Patients_PatientId",
                        column: x => x.PatientId,
                        principalTable: "Patients",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_PatientGrams_Practices_PracticeId",
                        column: x => x.PracticeId,
                        principalTable: "Practices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_PatientGrams_PatientId",
                table: "PatientGrams",
                column: "PatientId");

            // Patients who are there already, in SQL: SearchKey has words parted by spaces, and no piece has a space in its middle.
            migrationBuilder.Sql("""
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 302)
                INSERT INTO PatientGrams (PracticeId, Gram, PatientId)
                SELECT DISTINCT p.PracticeId, unicode(substr(p.Padded, i, 1)) * 4294967296 + unicode(substr(p.Padded, i + 1, 1)) * 65536 + unicode(substr(p.Padded, i + 2, 1)), p.Id
                FROM (SELECT Id, PracticeId, ' ' || SearchKey || ' ' AS Padded FROM Patients) AS p, n
                WHERE i <= length(p.Padded) - 2 AND substr(p.Padded, i + 1, 1) <> ' ';
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "PatientGrams");
        }
    }
}
